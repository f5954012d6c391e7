import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { FlyStandIn, ProcessRuntime } from "../../embedded/fly";
import { freePort } from "../../infra/drivers/processes";
import { startAtlasServer, type AtlasServer } from "../harness/atlas-server";
import { dnd, type DndRun } from "./dnd";

let folder: string;
let server: AtlasServer;
let fly: FlyStandIn;
let env: NodeJS.ProcessEnv;
let place: string[];
let before: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-stale-"));
  const port = await freePort();
  fly = new FlyStandIn({
    runtime: new ProcessRuntime({ folder: join(folder, "machines"), image: () => undefined }),
    edge: { port: () => port },
    organizations: ["guild"],
    token: "fresh-token",
    rateLimits: false,
  });
  const [api, started] = await Promise.all([fly.listen(), startAtlasServer()]);
  server = started;
  const configFile = join(folder, "Pulumi.trial.yaml");
  const config = {
    "dnd-tracker:environment": "staging",
    "dnd-tracker:app": { name: "tracker", image: "registry.example/guild/tracker:1", organization: "guild" },
    "dnd-tracker:database": { kind: "uri", name: "stale" },
    "dnd-tracker:backup": { store: join(folder, "archives"), schedule: "off" },
  };
  await writeFile(configFile, stringify({ config }));
  place = ["--stack", "trial", "--config-file", configFile];
  env = {
    ...{ DND_DIR: join(folder, "home"), NO_COLOR: "1", PULUMI_CONFIG_PASSPHRASE: "trial" },
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    ...{
      MONGODB_DB_NAME: "stale",
      S3_ENDPOINT: "http://127.0.0.1:1",
      S3_ACCESS_KEY_ID: "k",
      S3_SECRET_ACCESS_KEY: "s",
    },
    MONGODB_URI: server.uri.replace("//", "//dnd-migration-1:canary-of-yesterday@"),
    ...{ FLY_API_TOKEN: "canary-expired-token", FLY_FLAPS_BASE_URL: api, FLY_API_BASE_URL: api },
  };
  await server.admin.db("stale").collection("parties").insertOne({ name: "kept" });
  await server.admin.db("stale_ops").collection<{ _id: number }>("releases").insertOne({ _id: 1 });
  before = await all();
}, 120_000);
afterAll(async () => {
  await fly?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Everything that there is in the database, and how much. */
async function all(): Promise<string[]> {
  const found: string[] = [];
  for (const name of ["stale", "stale_ops"])
    for (const { name: collection } of await server.admin.db(name).listCollections().toArray())
      found.push(
        `${name}.${collection}: ${await server.admin.db(name).collection(collection).countDocuments()}`,
      );
  return found.sort();
}

const words = (line: string, where: string[]) => [...line.split(" "), ...where];
const reportOf = (round: string, stack: string) =>
  `${round}-${new Date().toISOString().slice(0, 10)}-${stack}.md`;

/** As the administrator, who may do what a stack's own users may. */
function today(): NodeJS.ProcessEnv {
  const { username = "", password = "" } = server.admin.options.credentials ?? {};
  const uri = server.uri.replace("//", `//${username}:${encodeURIComponent(password)}@`);
  return { MONGODB_URI: uri.replace("?", "?authSource=admin&") };
}

describe("a password of the database that is not today's", () => {
  const refused =
    /refused the user for \w+.*Set MONGODB_URI to the address with the user and the password of today/s;

  test.each([
    ["ops indexes", 1],
    ["ops cleanup --apply --yes", 1],
    ["ops rotate database --yes", 1],
    ["maintenance on", 1],
    ["migrate up --yes", 1],
    ["alerts list", 1],
  ])("is told by dnd %s with its remedy, and nothing is touched", async (line, code) => {
    await expectRefused(await dnd(words(line, ["--stack", "staging"]), env), code, refused);
  });

  test.each([
    ["scale 1 --yes", 1],
    ["recover --backup latest --yes", 1],
    ["rollback auto --yes", 1],
  ])("is told by dnd %s before it acts", async (line, code) => {
    await expectRefused(await dnd(words(line, place), env), code, refused);
  });

  test("keeps no round from its report, which names the remedy and ends with 1", async () => {
    const run = await dnd(["ops", "daily", "--stack", "staging"], env);
    expect(run.stderr).toContain("the round was not written into the database");
    const report = await readFile(join(folder, "home", "reports", reportOf("daily", "staging")), "utf8");
    await expectRefused({ ...run, stderr: report.replaceAll("\\", "") }, 1, refused);
  });

  test("keeps nobody from an incident's timeline: it is kept in a file", async () => {
    const begun = await dnd(["incident", "start", "slow", "--kind", "database", "--stack", "staging"], env);
    await expectRefused(begun, 0, /timeline is kept in a file until it is back/);
  });
});

describe("a token for Fly that has expired", () => {
  const expired =
    /unauthorized \(401\).*Set FLY_API_TOKEN to a token of the right organization that has not expired/s;

  test.each([
    ["logs", 2],
    ["status", 1],
  ])("is told by dnd %s with its remedy, and nothing is touched", async (line, code) => {
    const run = await dnd(words(line, place), { ...env, ...today() });
    await expectRefused({ ...run, stderr: run.stderr + run.stdout }, code, expired);
  });
});

async function expectRefused(run: DndRun, code: number, says: RegExp): Promise<void> {
  expect({ code: run.code, stderr: run.stderr }).toEqual({ code, stderr: expect.stringMatching(says) });
  expect(run.stdout + run.stderr).not.toMatch(/canary|this is a bug/);
  expect(await all()).toEqual(before);
  expect(fly.world.apps.size).toBe(0);
}
