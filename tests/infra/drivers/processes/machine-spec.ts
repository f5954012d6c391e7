import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MachineSpec } from "../../../../infra/drivers/processes";

/** A folder for one test file, removed when it is over. */
export async function testFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "dnd-processes-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** A machine whose program is the given text. */
export async function machineOf(
  folder: string,
  id: string,
  program: string,
  more: Partial<MachineSpec> = {},
): Promise<MachineSpec> {
  const file = join(folder, `${id}.js`);
  await writeFile(file, program);
  return {
    id,
    group: "web",
    metadata: {},
    command: [process.execPath, file],
    cwd: folder,
    port: null,
    check: { path: "/", intervalMs: 100, timeoutMs: 1000, failures: 2 },
    restart: { policy: "always", maxRetries: 3, firstDelayMs: 50, maxDelayMs: 200, provenOnly: true },
    stop: { signal: "SIGTERM", timeoutMs: 2000 },
    drainMs: 2000,
    autostop: null,
    ...more,
  };
}

/** Answers everything with its name; `/slow` after a while, `/exit` by ending. */
export const server = `
const { createServer } = require("node:http");
const server = createServer({ keepAliveTimeout: 65000 }, (request, response) => {
  if (request.url === "/exit") process.exit(7);
  setTimeout(() => response.end(process.env.MACHINE_ID + " " + process.env.PORT), request.url === "/slow" ? 400 : 0);
});
server.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
`;
