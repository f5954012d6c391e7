import { Double, type Document } from "mongodb";
import { downMigrations } from "../../../../infra/engines/migration";
import { failureOf, openWorkshop, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_undo");
});
beforeEach(() => shop.clear());
afterAll(() => shop.close());

const down = (folder: string) =>
  downMigrations({ address: shop.address, folder, steps: 1, release: null, progress: () => undefined });
const hash = async () =>
  (await shop.db.command({ dbHash: 1, collections: ["things", "others"] })).md5 as unknown;
const images = () => shop.db.collection("migrations_undo").countDocuments({});

const everything = `
  const things = db.collection("things");
  await things.updateOne({ n: 1 }, { $set: { n: 100 } });
  await things.updateMany({ n: { $gte: 5 } }, { $inc: { n: 1 } });
  await things.replaceOne({ n: 2 }, { replaced: true });
  await things.deleteOne({ n: 3 });
  await things.findOneAndUpdate({ n: 4 }, { $set: { found: true } });
  await things.insertOne({ made: 1 });
  await things.insertMany([{ made: 2 }, { _id: "mine", made: 3 }]);
  await things.updateOne({ n: 77 }, { $set: { by: "upsert" } }, { upsert: true });
  await things.bulkWrite([
    { insertOne: { document: { made: 4 } } },
    { updateOne: { filter: { n: 6 }, update: { $set: { bulk: true } } } },
    { deleteMany: { filter: { n: { $gt: 9 } } } },
  ]);
  await db.collection("others").deleteMany({});`;

async function seed(): Promise<void> {
  const documents = Array.from({ length: 12 }, (_, n): Document => ({ n, whole: new Double(n) }));
  await shop.db.collection("things").insertMany(documents);
  await shop.db.collection("others").insertMany([{ a: 1 }, { a: 2 }]);
}

describe("a migration with pre-images in place of a `down`", () => {
  test("is undone to the bit, whichever way it changed documents", async () => {
    await seed();
    const before = await hash();
    const folder = await shop.folder({
      "20260101000000-one": `undo: "pre-images", async up({ db }) { ${everything} },`,
    });
    await shop.up(folder);
    expect(await hash()).not.toEqual(before);
    expect((await down(folder)).ran).toHaveLength(1);
    expect(await hash()).toEqual(before);
    expect(await images()).toBe(0);
    await shop.up(folder);
    await down(folder);
    expect(await hash()).toEqual(before);
  });

  test("outside a transaction is taken back when it fails in its second batch", async () => {
    await seed();
    const before = await hash();
    const folder = await shop.folder({
      "20260101000000-one": `undo: "pre-images", transaction: false, async up({ helpers }) {
          await helpers.backfill("things", { update: { $inc: { n: 1 } }, batchSize: 4 });
          throw new Error("dice lost");
        },`,
    });
    const failure = await failureOf(shop.up(folder));
    expect(failure.message).toContain("pre-images have taken back");
    expect(await hash()).toEqual(before);
  });

  test("gets every index back that it dropped, with all that its definition said", async () => {
    await seed();
    const things = shop.db.collection("things");
    const options = {
      name: "some",
      unique: true,
      partialFilterExpression: { n: { $gt: 3 } },
      collation: { locale: "de" },
    };
    await things.createIndexes([
      { key: { n: 1 }, ...options },
      { key: { n: -1 }, name: "other" },
      { key: { a: 1 }, name: "a" },
    ]);
    const before = await things.indexes();
    const source = (end: string) => `undo: "pre-images", transaction: false, async up({ db, helpers }) {
        await helpers.removeIndex("things", { n: 1 });
        await db.collection("things").dropIndex("other");
        await db.command({ dropIndexes: "things", index: ["a"] });
        await helpers.backfill("things", { update: { $set: { n: 1 } } });
        ${end}
      },`;
    const folder = await shop.folder({ "20260101000000-one": source("") });
    await shop.up(folder);
    expect(await things.indexes()).toHaveLength(1);
    await down(folder);
    const sorted = (list: { name?: string }[]) =>
      list.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1));
    expect(sorted(await things.indexes())).toEqual(sorted(before));
    expect(await images()).toBe(0);
    const failing = await shop.folder({ "20260101000000-one": source(`throw new Error("dice lost");`) });
    expect((await failureOf(shop.up(failing))).message).toContain("pre-images have taken back");
    expect(sorted(await things.indexes())).toEqual(sorted(before));
  });

  test("keeps the images of the newest five, and says of an older one that it cannot be undone", async () => {
    await seed();
    const sources = Array.from({ length: 6 }, (_, n): [string, string] => [
      `2026010${n + 1}000000-one`,
      `undo: "pre-images", async up({ db }) { await db.collection("things").updateOne({ n: ${n} }, { $set: { by: ${n} } }); },`,
    ]);
    const folder = await shop.folder(Object.fromEntries(sources));
    await shop.up(folder);
    expect(await images()).toBe(5);
    const base = { address: shop.address, folder, release: null, progress: () => undefined };
    expect((await downMigrations({ ...base, steps: 5 })).ran).toHaveLength(5);
    expect((await failureOf(down(folder))).message).toContain("20260101000000");
    expect(await images()).toBe(0);
  });

  test("may change nothing but documents: an index would stay", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `undo: "pre-images", transaction: false, async up({ helpers }) {
          await helpers.ensureIndex("things", { n: 1 });
        },`,
    });
    expect((await failureOf(shop.up(folder))).message).toContain("of which no pre-images are kept");
  });

  test("is not undone over what others have written since", async () => {
    await seed();
    const folder = await shop.folder({
      "20260101000000-one": `undo: "pre-images", async up({ db }) {
          await db.collection("things").updateMany({ n: { $lt: 4 } }, { $set: { seen: true } });
        },`,
    });
    await shop.up(folder);
    await shop.db.collection("things").updateOne({ n: 2 }, { $set: { mine: true } });
    const failure = await failureOf(down(folder));
    expect(failure.message).toContain("1 in things");
    expect(await shop.db.collection("things").countDocuments({ seen: true })).toBe(4);
  });

  test("that changes more than is kept is applied, and then refuses to be undone", async () => {
    await shop.db.collection("things").insertMany(Array.from({ length: 10_001 }, (_, n) => ({ n })));
    const folder = await shop.folder({
      "20260101000000-one": `undo: "pre-images", async up({ db }) {
          await db.collection("things").updateMany({}, { $set: { seen: true } });
        },`,
    });
    await shop.up(folder);
    expect(await images()).toBe(0);
    const failure = await failureOf(down(folder));
    expect(failure).toMatchObject({ code: "migration-irreversible" });
    expect(failure.message).toContain("more documents than it keeps");
  });
});
