import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { FlyStandIn, ProcessRuntime } from "../../../embedded/fly";
import { openFlyApi } from "../../../infra/drivers/fly-api";
import { atDatabase, loginOf, useStackKey, type DatabaseAddress } from "../../../infra/drivers/mongo";
import { useOutposts } from "../../../infra/drivers/outpost";
import { outpostsAt } from "../../../infra/engines/fly";
import { migrationStatus, runMigrations } from "../../../infra/engines/migration";
import { beginRelease, newestRelease } from "../../../infra/engines/release";
import { projectRoot, Secret } from "../../../infra/support";
import { startAtlasServer, type AtlasServer } from "../../harness/atlas-server";

const image = "registry.fly.io/tracker@sha256:1";
const folder = join(projectRoot, "migrations");
const key = { key: new Secret("canary-key-of-the-users-0123456789abcdef"), rotation: 1 };

/** A real machine of the stand-in, which is the only one that knows the name of the database's host. */
describe("a machine of the app that goes to the database", () => {
  let place: string;
  let fly: FlyStandIn;
  let server: AtlasServer;
  let address: DatabaseAddress;

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "dnd-outposts-"));
    server = await startAtlasServer();
    const { user, password: pwd } = loginOf("migration", key);
    const roles = ["readWrite", "dbAdmin"].flatMap((role) =>
      ["tracker", "tracker_ops"].map((db) => ({ role, db })),
    );
    await server.admin.db("admin").command({ createUser: user, pwd, roles });
    const env = {
      NODE_OPTIONS: `--require=${join(projectRoot, "tests", "harness", "name-server.cjs")}`,
      DND_TEST_HOST: "cluster.dungeon.test=127.0.0.1",
    };
    const command = [process.execPath, "-e", "setInterval(() => {}, 1000)"];
    const program = { command, cwd: place, folders: { "/dnd": projectRoot }, env };
    fly = new FlyStandIn({
      runtime: new ProcessRuntime({ folder: join(place, "machines"), image: () => program }),
      rateLimits: false,
    });
    const api = openFlyApi({ token: new Secret("test-token"), baseUrl: await fly.listen() });
    await api.apps.create({ name: "tracker", org_slug: "personal" });
    useStackKey(key);
    useOutposts(outpostsAt({ api, image: () => Promise.resolve(image) }));
    address = {
      uri: server.uri.replace("127.0.0.1", "cluster.dungeon.test"),
      name: "tracker",
      credentials: "stack-key",
      through: { app: "tracker", region: "iad" },
    };
  }, 60_000);
  afterAll(async () => {
    // Connections over it are closed a while after their last use.
    await sleep(2500);
    await fly.close();
    await server.stop();
    await rm(place, { recursive: true, force: true });
  });

  test("runs migrations with their progress, and lets this process ask what it will", async () => {
    const told: string[] = [];
    const run = {
      address,
      folder,
      release: null,
      phase: "expand" as const,
      progress: (line: string) => told.push(line),
    };
    const { ran } = await runMigrations(run);
    expect(ran.map(({ version }) => version)).toContain("20261005090000");
    expect(told.join("\n")).toMatch(/20261005090000 up/);
    expect((await migrationStatus({ address, folder })).rows.find(({ applied }) => applied)).toBeDefined();
    const beginning = { number: 1, environment: "staging", why: ["first release"], commit: null };
    const whole = {
      ...beginning,
      image: { name: "tracker", version: "1", digest: "sha256:1" },
      schemaBefore: null,
    };
    const seen = await atDatabase(address, "migration", {}, async ({ ops, app }) => {
      await beginRelease(ops, whole);
      return { newest: await newestRelease(ops), parties: await app.collection("parties").countDocuments() };
    });
    expect(seen).toMatchObject({ newest: { _id: 1, state: "running" }, parties: 0 });
    expect(seen.newest?.startedAt).toBeInstanceOf(Date);
  }, 60_000);

  test("is one machine without a way in, which has no secret in what Fly shows of it", () => {
    const machines = fly.world.app("tracker").living;
    expect(machines).toHaveLength(1);
    const [{ config }] = machines as [(typeof machines)[0]];
    expect(config).toMatchObject({ image, auto_destroy: true, services: [], restart: { policy: "no" } });
    const { password } = loginOf("migration", key);
    for (const secret of [password, key.key.reveal()]) expect(JSON.stringify(config)).not.toContain(secret);
  });
});
