import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify } from "../../../../infra/drivers/processes";
import { projectRoot, waitFor } from "../../../../infra/support";

const isAlive = (pid: number) => identify(pid) !== undefined;

test("a server ends, and its folder goes, with the process that it was for, even where that is killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dnd-end-with-me-"));
  const driver = join(projectRoot, "infra", "drivers", "mongod");
  const owner = spawn(process.execPath, [
    ...["--require", join(projectRoot, "infra", "support", "typescript.cjs"), "-e"],
    `const server = require("node:child_process").spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
     require(${JSON.stringify(driver)}).endWithMe(server.pid, ${JSON.stringify(folder)});
     console.log(server.pid);
     setInterval(() => undefined, 1000);`,
  ]);
  const pid = await new Promise<number>((told) => owner.stdout.once("data", (data) => told(Number(data))));
  expect(isAlive(pid)).toBe(true);
  owner.kill("SIGKILL");
  const gone = () => Promise.resolve(!isAlive(pid) && !existsSync(folder) ? true : undefined);
  expect(await waitFor(gone, { what: "the server's end", timeoutMs: 20_000, intervalMs: 50 })).toBe(true);
});
