import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLog } from "../../app/log";
import { startApp, type RunningApp } from "../../app/running-app";
import { readAppSettings } from "../../app/settings";
import { waitFor } from "../../infra/support";

const folder = mkdtempSync(join(tmpdir(), "dnd-outage-"));
let port: number;
let mongod: ChildProcess;
let app: RunningApp;

/** By hand, because it must come back on the same port. */
function startMongod(): ChildProcess {
  const args = ["--dbpath", folder, "--port", String(port), "--bind_ip", "127.0.0.1"];
  return spawn(process.env.DND_MONGOD ?? "mongod", args, { stdio: "ignore" });
}

async function stopMongod(): Promise<void> {
  if (mongod.exitCode !== null) return;
  mongod.kill("SIGTERM");
  await once(mongod, "exit");
}

beforeAll(async () => {
  const holder = createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  port = (holder.address() as AddressInfo).port;
  holder.close();
  await once(holder, "close");
});
afterAll(async () => {
  await app.stop();
  await stopMongod();
  rmSync(folder, { recursive: true });
});

describe("the app whose database dies", () => {
  test("says so within two seconds each time, loses nothing, and recovers by itself three times in a row", async () => {
    mongod = startMongod();
    const log: string[] = [];
    const settings = readAppSettings({
      PORT: "0",
      MONGODB_URI: `mongodb://127.0.0.1:${port}/`,
      STOP_DELAY_MS: "0",
    });
    app = await startApp(settings, openLog("info", { write: (line) => void log.push(line) }));
    const url = `http://127.0.0.1:${app.port}`;
    const becomes = (status: number) =>
      waitFor(async () => ((await fetch(`${url}/api/health`)).status === status ? true : undefined), {
        what: `a health of ${status}`,
        timeoutMs: 15_000,
      });
    const headers = { "content-type": "application/json" };
    for (let round = 1; round <= 3; round++) {
      await becomes(200);
      const body = JSON.stringify({ name: `Party ${round}` });
      expect((await fetch(`${url}/api/parties`, { method: "POST", headers, body })).status).toBe(201);
      await stopMongod();
      await becomes(503);
      for (const path of ["/api/health", "/api/health/database", "/api/health/migrations", "/api/parties"]) {
        const asked = performance.now();
        expect((await fetch(url + path)).status).toBe(503);
        expect(performance.now() - asked).toBeLessThan(2000);
      }
      expect((await fetch(`${url}/health`)).status).toBe(200);
      mongod = startMongod();
    }
    await becomes(200);
    const { parties } = (await (await fetch(`${url}/api/parties`)).json()) as { parties: { name: string }[] };
    expect(parties.map(({ name }) => name)).toEqual(["Party 1", "Party 2", "Party 3"]);
  }, 120_000);
});
