import { tryOnLive } from "../../../../infra/engines/migration";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { waitFor } from "../../../../infra/support";
import { endChildRuns, pauseAt, startChildRun } from "./child-run";
import { adds, failureOf, openWorkshop, writeMigration, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_bad_days");
});
beforeEach(() => shop.clear());
afterEach(endChildRuns);
afterAll(() => shop.close());

const things = () => shop.db.collection<{ _id: string | number; by?: number }>("things");

describe("on a bad day", () => {
  test("a trial on the live database ends after three seconds, and others can write again", async () => {
    await things().insertOne({ _id: "a" });
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", async up({ db }) {
          await db.collection("things").updateOne({ _id: "a" }, { $set: { by: 1 } });
          await new Promise((resolve) => setTimeout(resolve, 20_000).unref());
        },`,
    });
    const base = { address: shop.address, folder, phase: "all", release: null } as const;
    const { ok, migrations } = await tryOnLive({ ...base, progress: () => undefined });
    expect(ok).toBe(false);
    expect(migrations[0]?.error).toContain("longer than 3.0s");
    await things().updateOne({ _id: "a" }, { $set: { by: 2 } }, { maxTimeMS: 500 });
    expect(await things().findOne({})).toEqual({ _id: "a", by: 2 });
  });

  test("of a hundred runners at once each migration is run once, and who cannot wait leaves with code 4", async () => {
    const folder = await shop.folder({
      "20260101000000-one": adds("a"),
      "20260102000000-two": `transaction: false, idempotent: true, ${adds("b")}`,
      "20260103000000-three": `irreversible: "no", async up({ db }) {
          await db.collection("things").insertOne({ _id: "c" });
          await new Promise((resolve) => setTimeout(resolve, 1500));
        },`,
    });
    const runs = Array.from({ length: 100 }, (_, n) =>
      shop.up(folder, { lock: { waitMs: n % 2 === 0 ? 60_000 : 300 } }).then(
        ({ ran }) => ran.length,
        (error: { code: string; exitCode: number }) => `${error.code} ${error.exitCode}`,
      ),
    );
    const ends = await Promise.all(runs);
    const ran = ends.filter((end) => typeof end === "number");
    expect(ran.reduce((sum, one) => sum + one, 0)).toBe(3);
    expect(ran.length).toBeGreaterThanOrEqual(50);
    expect(new Set(ends.filter((end) => typeof end === "string"))).toEqual(new Set(["migrations-locked 4"]));
    expect(await things().countDocuments({})).toBe(3);
  });

  test("a clock that is an hour off neither takes a lock that is held nor loses its own", async () => {
    const clock = join(await shop.folder({}), "clock.cjs");
    const shifted = `const real = Date.now; Date.now = () => real() + 3600e3;
      global.Date = class extends Date { constructor(...given) { super(...(given.length ? given : [Date.now()])); } };`;
    await writeFile(clock, shifted);
    const env = { NODE_OPTIONS: `--require ${clock}`, TEST_WAIT_MS: "500" };
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", async up({ db, log }) {
          await db.collection("things").insertOne({ _id: "a" });
          ${pauseAt("in the middle", 1500)}
        },`,
    });
    const ahead = startChildRun(shop, folder, { leaseMs: 1000, env });
    await ahead.saying("in the middle");
    expect(await failureOf(shop.up(folder, { lock: { waitMs: 700 } }))).toMatchObject({
      code: "migrations-locked",
    });
    await ahead.exited;
    expect(await things().countDocuments({})).toBe(1);
    const letGo = join(folder, "let-go");
    const holds = `irreversible: "no", async up({ log }) {
      log("held");
      const { existsSync } = await import("node:fs");
      while (!existsSync(${JSON.stringify(letGo)})) await new Promise((go) => setTimeout(go, 50));
    },`;
    await writeMigration(folder, "20260102000000-two", holds);
    let held: () => void = () => undefined;
    const holding = new Promise<void>((resolve) => (held = resolve));
    const run = shop.up(folder, { progress: (message) => message.includes("held") && held() });
    await holding;
    const late = startChildRun(shop, folder, { env });
    await late.exited;
    await writeFile(letGo, "");
    expect(late.lines.at(-1)).toBe("ended with migrations-locked");
    expect((await run).ran).toHaveLength(1);
  });
});

describe("when the primary steps down in the middle", () => {
  let server: MongoMemoryReplSet;
  let own: Workshop;

  beforeAll(async () => {
    server = await MongoMemoryReplSet.create({
      replSet: { count: 1, name: "steps", storageEngine: "wiredTiger" },
      binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
    });
    own = await openWorkshop("steps_down", server.getUri());
  });
  beforeEach(() => own.clear());
  afterAll(async () => {
    await own.close();
    await server.stop();
  });

  test.each([
    [
      "a transaction",
      `async up({ db, log }) {
        await db.collection("things").updateMany({ _id: { $lt: 250 } }, { $inc: { times: 1 } });
        log("in the middle");
        await new Promise((go) => setTimeout(go, 300));
        await db.collection("things").updateMany({ _id: { $gte: 250 } }, { $inc: { times: 1 } });
      },`,
    ],
    [
      "a back-fill",
      `transaction: false, async up({ helpers, log }) {
        await helpers.backfill("things", { filter: { _id: { $lt: 250 } }, update: { $inc: { times: 1 } }, batchSize: 50 });
        log("in the middle");
        await new Promise((go) => setTimeout(go, 300));
        await helpers.backfill("things", { filter: { _id: { $gte: 250 } }, update: { $inc: { times: 1 } }, batchSize: 50 });
      },`,
    ],
  ])("%s ends, at once or by the next run, with each document changed once", async (_what, source) => {
    const documents = Array.from({ length: 500 }, (_, n) => ({ _id: n as never }));
    await own.db.collection("things").insertMany(documents);
    const folder = await own.folder({ "20260101000000-one": `irreversible: "no", ${source}` });
    let stepped = false;
    const run = own.up(folder, {
      progress: (message) => {
        if (stepped || !message.includes("in the middle")) return;
        stepped = true;
        void own.client
          .db("admin")
          .command({ replSetStepDown: 2, force: true })
          .catch(() => undefined);
      },
    });
    const first = await run.then(
      () => "ended",
      (error: { code: string }) => error.code,
    );
    expect(stepped).toBe(true);
    if (first !== "ended") {
      expect(first).toBe("migration-failed");
      const primary = async () =>
        (await own.client.db("admin").command({ hello: 1 })).isWritablePrimary === true;
      await waitFor(async () => ((await primary()) ? true : undefined), {
        ...{ what: "a primary", timeoutMs: 60_000, intervalMs: 100 },
      });
      await own.up(folder, { lock: { waitMs: 60_000 } });
    }
    expect(await own.db.collection("things").countDocuments({ times: 1 })).toBe(500);
    expect(await own.db.collection("migrations").findOne({})).toMatchObject({ state: "applied" });
  });
});
