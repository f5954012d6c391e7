import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../../infra/drivers/mongo";
import {
  describeTrial,
  tryMigrations,
  tryOnLive,
  type TrialOptions,
} from "../../../../infra/engines/migration";
import { adds, failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;
let dndDir: string;
const before = process.env.DND_DIR;

beforeAll(async () => {
  shop = await openWorkshop("migration_trial");
  dndDir = await mkdtemp(join(tmpdir(), "dnd-trial-"));
  process.env.DND_DIR = dndDir;
});
beforeEach(() => shop.clear());
afterAll(async () => {
  if (before === undefined) delete process.env.DND_DIR;
  else process.env.DND_DIR = before;
  await rm(dndDir, { recursive: true, force: true });
  await shop.close();
});

const trial = (folder: string, more: Partial<TrialOptions> = {}) =>
  tryMigrations({ address: shop.address, folder, phase: "all", progress: () => undefined, ...more });
const hash = async () => (await shop.db.command({ dbHash: 1 })).md5 as unknown;

const migrations = {
  "20260101000000-one": adds("a"),
  "20260102000000-two": `irreversible: "no", transaction: false, async up({ helpers }) {
      await helpers.backfill("heroes", { filter: { level: { $lt: 50 } }, update: { $inc: { level: 1 } } });
      await helpers.ensureIndex("heroes", { level: 1 });
    },`,
};

async function heroes(count: number): Promise<void> {
  await shop.db
    .collection("heroes")
    .insertMany(Array.from({ length: count }, (_, n) => ({ _id: n as never, level: n })));
}

/** Every command that the profiler saw on the live database. */
async function commandsDuring(work: () => Promise<unknown>): Promise<string[]> {
  await shop.db.command({ profile: 2 });
  try {
    await work();
  } finally {
    await shop.db.command({ profile: 0 });
  }
  const seen = await shop.db
    .collection("system.profile")
    .find({ "command.profile": { $exists: false } })
    .toArray();
  await shop.db.collection("system.profile").drop();
  return [
    ...new Set(seen.map(({ op, command }) => `${String(op)} ${Object.keys(command as object)[0] ?? ""}`)),
  ].sort();
}

describe("a trial of migrations", () => {
  test("really runs them on a sample, tells what they change, and only reads the live database", async () => {
    await heroes(300);
    // What a restore keeps is no part of the database.
    await shop.db.collection("__pre_0a1b2c3d_heroes").insertOne({ level: 1 });
    const folder = await shop.folder(migrations);
    // A trial of a process that is no more.
    await mkdir(join(dndDir, "trial-999999999-abc", "data"), { recursive: true });
    const unchanged = await hash();
    let result: Awaited<ReturnType<typeof trial>> | undefined;
    const commands = await commandsDuring(async () => (result = await trial(folder, { sampleSize: 100 })));
    const reading = ["aggregate", "count", "find", "listCollections", "listIndexes"];
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((one) => !reading.includes(one.split(" ")[1] ?? ""))).toEqual([]);
    expect(commands.filter((one) => one.includes("__pre_"))).toEqual([]);
    expect(await hash()).toEqual(unchanged);
    expect(result).toMatchObject({
      ok: true,
      source: "sample",
      sampled: [{ collection: "heroes", live: 300, sampled: 100 }],
    });
    const [, two] = result?.migrations ?? [];
    expect(two).toMatchObject({ outcome: "ran", error: null, schema: ['createIndex heroes {"level":1}'] });
    const [change] = two?.collections ?? [];
    expect(change?.matched).toBe(change?.modified);
    expect(change?.samples).toHaveLength(3);
    for (const { before: old, after } of change?.samples ?? []) {
      expect(Number(after?.level)).toBe(Number(old?.level) + 1);
    }
    expect(two?.expectedMs).toBeGreaterThanOrEqual(2 * (two?.durationMs ?? Infinity));
    expect(await readdir(dndDir)).toEqual([]);
  });

  test("runs on the archive that it is given, with what that one lacks, and shows a failure as it would be", async () => {
    const folder = await shop.folder({
      ...migrations,
      "20260103000000-three": `irreversible: "no", async up({ db }) { await db.collection("heroes").deleteMany({ name: "x" }); },`,
      "20260104000000-four": adds("d"),
    });
    await shop.up(folder, { to: "20260101000000" });
    const result = await trial(folder, {
      fill: async (to) => {
        const client = await connect(to, "migration");
        await client
          .db(to.name)
          .collection("heroes")
          .insertMany([{ level: 1 }, { level: 70 }]);
        await client.close();
      },
    });
    expect(result).toMatchObject({ ok: false, source: "archive" });
    expect(result.migrations.map(({ version, outcome }) => [version.slice(7, 8), outcome])).toEqual([
      ["2", "ran"],
      ["3", "failed"],
      ["4", "not reached"],
    ]);
    expect(result.migrations[0]?.collections).toMatchObject([
      { collection: "heroes", matched: 1, modified: 1 },
    ]);
    expect(result.migrations[1]?.error).toContain("notablescan");
    expect(result.error).toContain("nothing of it is in the database");
  });

  test("with nothing to do starts nothing, and refuses what a run would refuse", async () => {
    const folder = await shop.folder({ "20260101000000-one": adds("a") });
    await shop.up(folder);
    expect(await trial(folder)).toMatchObject({ ok: true, migrations: [], durationMs: 0 });
    const twin = await shop.folder({ "20260102000000-one": adds("a") });
    expect(await failureOf(trial(twin))).toMatchObject({ code: "migrations-refused" });
  });
});

describe("a trial on the live database", () => {
  const live = (folder: string) =>
    tryOnLive({ address: shop.address, folder, phase: "all", release: null, progress: () => undefined });

  test("counts and shows what would change, and leaves nothing", async () => {
    await heroes(20);
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `irreversible: "no", async up({ db }) {
          await db.collection("heroes").updateMany({ level: { $lt: 5 } }, { $inc: { level: 100 } });
        },`,
    });
    const unchanged = await hash();
    const result = await live(folder);
    expect(result).toMatchObject({ ok: true, source: "live" });
    expect(result.migrations[1]?.collections).toMatchObject([
      { collection: "heroes", matched: 5, modified: 5 },
    ]);
    expect(await hash()).toEqual(unchanged);
  });

  test("shows what changed, and neither a secret nor an address in full", async () => {
    const keep = { name: "Mira", monkey: "Abu", level: 1 };
    const secret = { passwordHash: "canary-1", api_key: "canary-2", nested: [{ sessionToken: "canary-3" }] };
    const texts = { note: `mongodb://me:canary-4@host/ ${"x".repeat(90)}`, mail: "canary-5@example.org" };
    await shop.db.collection<object>("heroes").insertOne({ ...keep, ...secret, ...texts });
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", async up({ helpers }) {
        await helpers.backfill("heroes", { update: { $set: { level: 2, note: "short", passwordHash: "canary-6" } } });
      },`,
    });
    const result = await live(folder);
    const text = describeTrial(result);
    expect(`${JSON.stringify(result)}${text}`).not.toContain("canary");
    const [sample] = result.migrations[0]?.collections[0]?.samples ?? [];
    expect(sample?.before).toMatchObject({
      ...keep,
      passwordHash: "[hidden]",
      api_key: "[hidden]",
      nested: [{ sessionToken: "[hidden]" }],
      mail: "…@example.org",
    });
    expect(text).toContain("heroes: 1 matched, 1 changed, 0 inserted, 0 deleted");
    expect(text).toMatch(/ {4}\+ .*"level":2,.*"note":"short"/);
    expect(text).not.toContain("Mira");
  });

  test.each([
    [
      "changes too much",
      `async up({ db }) { await db.collection("heroes").updateMany({}, { $set: { x: 1 } }); },`,
      "more than 1000 documents",
    ],
    ["needs more than a transaction", `transaction: false, async up() {},`, "outside a transaction"],
  ])("ends when a migration %s", async (_what, source, said) => {
    await heroes(1001);
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", ${source}`,
      "20260102000000-two": adds("b"),
    });
    const unchanged = await hash();
    const { ok, migrations: tried } = await live(folder);
    expect(ok).toBe(false);
    expect(tried.map(({ outcome }) => outcome)).toEqual(["failed", "not reached"]);
    expect(tried[0]?.error).toContain(said);
    expect(await hash()).toEqual(unchanged);
    expect((await shop.up(await shop.folder({ "20260101000000-one": adds("a") }))).ran).toHaveLength(1);
  });
});
