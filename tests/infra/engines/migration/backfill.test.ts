import { failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_backfill");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const things = () => shop.db.collection<{ _id: unknown; n?: number; times?: number }>("things");
const changed = async (times: number) => things().countDocuments({ times });

describe("a backfill", () => {
  test("that was stopped goes on where it was and changes no document twice", async () => {
    await things().insertMany(Array.from({ length: 1000 }, (_, n) => ({ _id: n, n })));
    const stop = new AbortController();
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true, irreversible: "counts",
        async up({ helpers, log }) {
          const { documents } = await helpers.backfill("things", { update: { $inc: { times: 1 } }, batchSize: 100 });
          log("all " + documents);
        },`,
    });
    const failure = await failureOf(
      shop.up(folder, {
        signal: stop.signal,
        progress: (_message, done) => done?.current === 300 && stop.abort(new Error("interrupted")),
      }),
    );
    expect(failure).toMatchObject({ code: "migration-interrupted" });
    const before = await changed(1);
    expect(before).toBeGreaterThanOrEqual(300);
    expect(before).toBeLessThan(1000);
    const said: string[] = [];
    await shop.up(folder, { progress: (message) => said.push(message) });
    expect(await changed(1)).toBe(1000);
    expect(said).toContain("20260101000000: all 1000");
  });

  test("sees ids of every type, and only the documents that match", async () => {
    await things().insertMany([1, "two", new Date(3), true].map((_id, n) => ({ _id, n })));
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, idempotent: true, irreversible: "counts", async up({ helpers }) {
          await helpers.backfill("things", { filter: { n: { $lt: 3 } }, update: { $inc: { times: 1 } }, batchSize: 1 });
        },`,
    });
    await shop.up(folder);
    expect((await things().find({ times: 1 }).toArray()).map(({ n }) => n).sort()).toEqual([0, 1, 2]);
  });

  test("in a transaction is rolled back with it", async () => {
    await things().insertMany(Array.from({ length: 30 }, (_, n) => ({ _id: n, n })));
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "counts", async up({ helpers }) {
          await helpers.backfill("things", { update: { $inc: { times: 1 } }, batchSize: 10 });
          throw new Error("no");
        },`,
    });
    await failureOf(shop.up(folder));
    expect(await changed(1)).toBe(0);
  });

  test("keeps to the number of documents a second that it was given", async () => {
    await things().insertMany(Array.from({ length: 100 }, (_, n) => ({ _id: n, n })));
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, irreversible: "counts", async up({ helpers }) {
          await helpers.backfill("things", { update: { $inc: { times: 1 } }, batchSize: 25, perSecond: 100 });
        },`,
    });
    const { durationMs } = await shop.up(folder);
    expect(durationMs).toBeGreaterThan(900);
    expect(await changed(1)).toBe(100);
  });

  test("counts every document once where ids of several types meet in one batch", async () => {
    const sparse = [...Array.from({ length: 40 }, (_, n) => ({ _id: n * 10, n })), { _id: "text", n: 1 }];
    await things().insertMany(sparse);
    const folder = await shop.folder({
      "20260101000000-one": `transaction: false, irreversible: "counts", async up({ helpers, log }) {
          const { documents } = await helpers.backfill("things", {
            filter: { n: { $gte: 0 } }, update: { $inc: { times: 1 } }, batchSize: 10,
          });
          log("changed " + documents);
        },`,
    });
    const said: string[] = [];
    await shop.up(folder, { progress: (message) => said.push(message) });
    expect(await changed(1)).toBe(41);
    expect(said).toContain("20260101000000: changed 41");
  });

  test("starts from the beginning when the file has changed since", async () => {
    await things().insertMany(Array.from({ length: 30 }, (_, n) => ({ _id: n, n })));
    const source = (field: string, end: string) => ({
      "20260101000000-one": `transaction: false, idempotent: true, irreversible: "sets", async up({ helpers }) {
          await helpers.backfill("things", { update: { $set: { ${field}: 1 } }, batchSize: 10 });
          ${end}
        },`,
    });
    await failureOf(shop.up(await shop.folder(source("wrong", `throw new Error("oh");`))));
    await shop.up(await shop.folder(source("times", "")));
    expect(await changed(1)).toBe(30);
  });

  test("renames a field, and keeps what has the new name already", async () => {
    await things().insertMany([{ _id: 1, n: 5 }, { _id: 2, n: 6, times: 7 }, { _id: 3 }]);
    const folder = await shop.folder({
      "20260101000000-one": `async up({ helpers }) { await helpers.renameField("things", "n", "times"); },
        async down({ helpers }) { await helpers.renameField("things", "times", "n"); },`,
    });
    await shop.up(folder);
    expect(await things().find({}).sort({ _id: 1 }).toArray()).toEqual([
      { _id: 1, times: 5 },
      { _id: 2, n: 6, times: 7 },
      { _id: 3 },
    ]);
  });
});
