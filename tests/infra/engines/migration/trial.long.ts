import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { MongoClient } from "mongodb";
import { withThrowAwayServer } from "../../../../infra/engines/database";
import { waitFor } from "../../../../infra/support";
import { describeTrial, tryMigrations } from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;
let dndDir: string;
const before = process.env.DND_DIR;

beforeAll(async () => {
  shop = await openWorkshop("migration_trial_long");
});
beforeEach(async () => {
  await shop.clear();
  dndDir = await mkdtemp(join(tmpdir(), "dnd-trials-"));
  process.env.DND_DIR = dndDir;
});
afterEach(() => rm(dndDir, { recursive: true, force: true }));
afterAll(async () => {
  if (before === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = before;
  await shop.close();
});

const sources = {
  "20260101000000-one": adds("a"),
  "20260102000000-two": `irreversible: "no", transaction: false, async up({ helpers }) {
      await helpers.backfill("heroes", { update: { $inc: { level: 1 } } });
      await helpers.ensureIndex("heroes", { level: 1 });
    },`,
};

test("a trial needs no more than the right to read, and the live server has no write of it in its oplog", async () => {
  const folder = await shop.folder(sources);
  await withThrowAwayServer({ purpose: "rights", database: "tales" }, async ({ uri }) => {
    const master = await MongoClient.connect(uri);
    try {
      const db = master.db("tales");
      await db.collection("heroes").insertMany(Array.from({ length: 2000 }, (_, n) => ({ level: n })));
      const roles = [{ role: "read", db: "tales" }];
      await db.command({ createUser: "viewer", pwd: "only-looks", roles });
      const login = uri.replace(/\/\/[^@]*@/, "//viewer:only-looks@");
      const viewer = { uri: `${login}${login.includes("?") ? "&" : "?"}authSource=tales`, name: "tales" };
      const address = { ...viewer, uri: onlyOne(viewer.uri, "authSource"), credentials: "none" as const };
      const refused = await MongoClient.connect(address.uri);
      const failure = await failureOf(refused.db("tales").collection("heroes").insertOne({ level: 1 }));
      expect(failure.message).toContain("not authorized");
      await refused.close();
      const writes = () =>
        master
          .db("local")
          .collection("oplog.rs")
          .countDocuments({ ns: /^tales/, op: { $ne: "n" } });
      const earlier = await writes();
      const { ok, sampled } = await tryMigrations({
        address,
        folder,
        phase: "all",
        sampleSize: 500,
        progress: () => undefined,
      });
      expect({ ok, sampled }).toEqual({
        ok: true,
        sampled: [{ collection: "heroes", live: 2000, sampled: 500 }],
      });
      expect(await writes()).toBe(earlier);
    } finally {
      await master.close();
    }
  });
});

async function trialInTheMiddle() {
  const folder = await shop.folder({
    "20260101000000-one": `irreversible: "no", transaction: false, async up({ log }) {
        log("in the middle");
        if (process.argv[1].includes("trial-process")) await new Promise(() => setInterval(() => 0, 1000));
      },`,
  });
  const loader = join(__dirname, "../../../../infra/support/typescript.cjs");
  const child = spawn(process.execPath, ["-r", loader, join(__dirname, "trial-process.ts"), folder], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env },
  });
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes("in the middle")) break;
  const [left = ""] = await trialFolders();
  const pid = Number.parseInt(await readFile(join(dndDir, left, "data", "mongod.lock"), "utf8"), 10);
  return { child, pid };
}

const trialFolders = async () => (await readdir(dndDir)).filter((name) => name.startsWith("trial-"));
const gone = async (pid: number) => (isThere(pid) || (await trialFolders()).length > 0 ? undefined : true);
const soon = { what: "the trial to be gone", timeoutMs: 30_000, intervalMs: 50 };

test("a trial that was killed takes its server and its folder along", async () => {
  const { child, pid } = await trialInTheMiddle();
  child.kill("SIGKILL");
  await waitFor(() => gone(pid), soon);
});

test("what nobody took along is ended and removed by the next trial", async () => {
  const { child, pid } = await trialInTheMiddle();
  for (const watcher of watchersOf(child.pid)) process.kill(watcher, "SIGKILL");
  child.kill("SIGKILL");
  await once(child, "exit");
  expect([isThere(pid), await trialFolders()]).toEqual([true, [expect.any(String)]]);
  const folder = await shop.folder({ "20260101000000-one": adds("a") });
  await tryMigrations({ address: null, folder, phase: "all", progress: () => undefined });
  await waitFor(() => gone(pid), soon);
});

test("a trial runs what says that it bears being repeated a second time, and tells what that would do", async () => {
  const inserts = (end: string) => `transaction: false, idempotent: true, async up({ db }) {
      await db.collection("heroes").insertOne({ ${end} });
    }, async down({ db }) { await db.collection("heroes").deleteMany({}); },`;
  const folder = await shop.folder({
    "20260101000000-one": inserts("name: 1"),
    "20260102000000-two": inserts(`_id: "only"`),
    "20260103000000-three": `transaction: false, idempotent: true, irreversible: "no", async up({ db }) {
        await db.collection("heroes").updateOne({ _id: "only" }, { $set: { brave: true } });
      },`,
  });
  const result = await tryMigrations({ address: null, folder, phase: "all", progress: () => undefined });
  expect(result).toMatchObject({ ok: true });
  expect(result.migrations.map(({ outcome, warnings }) => [outcome, ...warnings])).toEqual([
    ["ran", expect.stringContaining("it changes heroes again")],
    ["ran", expect.stringMatching(/it fails: .*duplicate key/)],
    ["ran"],
  ]);
  expect(result.migrations[2]?.collections).toMatchObject([{ matched: 1, modified: 1 }]);
  expect(describeTrial(result)).toContain("  ! run a second time");
});

/** The last of several values of an option counts alone. */
function onlyOne(uri: string, option: string): string {
  const url = new URL(uri.replace("mongodb:", "http:"));
  const value = url.searchParams.getAll(option).at(-1) ?? "";
  url.searchParams.set(option, value);
  return url.href.replace("http:", "mongodb:");
}

/** The shells that wait for the end of a process, to clean up after it. */
function watchersOf(pid: number | undefined): number[] {
  const lines = execFileSync("ps", ["-A", "-o", "pid=,ppid=,comm="], { encoding: "utf8" }).split("\n");
  const all = lines.map((line) => line.trim().split(/\s+/));
  return all.flatMap(([own, parent, name]) => (Number(parent) === pid && name === "sh" ? [Number(own)] : []));
}

/** One that has ended and waits to be collected is no more. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
