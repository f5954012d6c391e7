import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, observeHost, stopHost } from "../../../../infra/drivers/processes";
import { ensureMonitor, observeMonitor, stopMonitor } from "../../../../infra/engines/monitor-process";
import { localFolder, Secret } from "../../../../infra/support";

const before = process.env.DND_DIR;

beforeAll(async () => {
  process.env.DND_DIR = await mkdtemp(join(tmpdir(), "dnd-monitor-process-"));
});
afterAll(async () => {
  await stopHost(localFolder("machines"));
  await rm(localFolder(), { recursive: true, force: true });
  if (before === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = before;
});

test("runs once however often it is asked for, anew where it is wanted otherwise, and is gone when it is stopped", async () => {
  expect(await observeMonitor()).toBeNull();
  const wish = {
    port: await freePort(),
    intervalMs: 30_000,
    secrets: { MONITORING_TOKEN: new Secret("token-of-a-test") },
  };
  const first = await ensureMonitor(wish);
  expect(first.pid).toBeGreaterThan(0);
  const other = await ensureMonitor({ ...wish, intervalMs: 60_000 });
  expect(other.fingerprint).not.toBe(first.fingerprint);
  const written = JSON.stringify(await observeHost(localFolder("machines")));
  expect(written).toContain("dnd-monitor");
  expect(written).not.toContain("token-of-a-test");
  await stopMonitor();
  expect(await observeMonitor()).toBeNull();
  await stopMonitor();
}, 120_000);
