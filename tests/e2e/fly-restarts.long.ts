import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FlyStandIn, ProcessRuntime } from "../../embedded/fly";
import { openFlyApi, type FlyApi, type MachineConfig } from "../../infra/drivers/fly-api";
import { ensureImage, imageOf } from "../../infra/engines/machines";
import { Secret, systemClock, waitFor } from "../../infra/support";
import { startLoad } from "../harness/load";

const restarts = Number(process.env.DND_RESTARTS ?? 24);
let folder: string;
let fly: FlyStandIn;
let api: FlyApi;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-restarts-"));
  const silently = () => undefined;
  const reference = await ensureImage(await imageOf({ name: "dnd-tracker", version: "trial" }), silently);
  const program = { command: reference.command, cwd: reference.folder };
  const runtime = new ProcessRuntime({ folder: join(folder, "machines"), image: () => program });
  fly = new FlyStandIn({ rateLimits: false, replaceMs: 5, runtime });
  api = openFlyApi({ token: new Secret("test"), baseUrl: await fly.listen(), clock: systemClock });
  await api.apps.create({ name: "web", org_slug: "guild" });
}, 240_000);
afterAll(async () => {
  await fly.close();
  await rm(folder, { recursive: true, force: true });
});

const config: MachineConfig = {
  image: "registry.fly.io/web:v1",
  env: {
    PORT: "3000",
    MONGODB_URI: process.env.TEST_MONGODB_URI ?? "",
    MONGODB_DB_NAME: "fly_restarts",
    LOG_LEVEL: "warn",
  },
  services: [
    {
      protocol: "tcp",
      internal_port: 3000,
      ports: [{ port: 443, handlers: ["tls", "http"] }],
      checks: [{ type: "http", port: 3000, path: "/api/health", interval: "2s", timeout: "2s" }],
    },
  ],
};

const serving = () =>
  fly.world
    .app("web")
    .living.filter(({ state, checks }) => state === "started" && checks.size > 0 && allPass(checks)).length;
const allPass = (checks: ReadonlyMap<string, { status: string }>) =>
  [...checks.values()].every(({ status }) => status === "passing");
const allServe = () =>
  waitFor(() => Promise.resolve(serving() === 3 ? true : undefined), {
    timeoutMs: 30_000,
    intervalMs: 50,
    what: "all machines to serve",
  });

test(
  "machines are restarted one after the other under load, again and again, and no request waits for ever",
  async () => {
    for (let at = 0; at < 3; at++) await api.machines.create("web", { config });
    await allServe();
    const address = await fly.edge.address("web");
    const load = startLoad([`${address}/api/characters`, `${address}/health`, `${address}/api/health`], 200);
    for (let at = 0; at < restarts; at++) {
      const machine = fly.world.app("web").living[at % 3];
      if (!machine) throw new Error("a machine is gone");
      await api.machines.update("web", machine.id, { config });
      await allServe();
    }
    const { failures, sent } = await load.stop();
    expect(failures).toEqual({});
    expect(sent).toBeGreaterThan(restarts);
  },
  restarts * 10_000,
);
