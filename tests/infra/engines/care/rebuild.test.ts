import { MongoClient, type Db } from "mongodb";
import {
  collectionSizes,
  observeIndexes,
  openRebuilds,
  rebuildIndex,
  rememberSizes,
  slowQueries,
} from "../../../../infra/engines/care";

const name = "care_engine";
let client: MongoClient;
let db: Db;
let ops: Db;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  db = client.db(name);
  ops = client.db(`${name}_ops`);
  const heroes = db.collection("heroes");
  await heroes.insertMany(Array.from({ length: 200 }, (_, hp) => ({ hp, name: `hero ${hp}` })));
  await heroes.createIndex({ hp: 1 }, { sparse: true });
  await heroes.createIndex({ name: 1 }, { unique: true });
  await heroes.createIndex({ name: "text" });
});
afterAll(async () => {
  await db.command({ profile: 0 });
  for (const one of [db, ops]) await one.dropDatabase();
  await client.close();
});

const names = async () => (await db.collection("heroes").indexes()).map((index) => index.name).sort();
const definition = async (wanted: string) =>
  (await db.collection("heroes").indexes()).find((index) => index.name === wanted);

test("an index is built anew as it was, and nothing else is left", async () => {
  const before = { names: await names(), hp: await definition("hp_1") };
  const done = await rebuildIndex({ db, ops, name: "hp_1" });
  expect(done).toMatchObject({ index: "heroes.hp_1", covering: "hp_1_covering", resumed: false });
  expect({ names: await names(), hp: await definition("hp_1") }).toEqual(before);
  expect(await openRebuilds(ops)).toEqual([]);
});

test.each([
  ["before the covering one is built", async () => undefined],
  [
    "when the covering one stands",
    () => db.collection("heroes").createIndex({ hp: 1, _id: 1 }, { name: "hp_1_covering", sparse: false }),
  ],
  [
    "when the index is dropped",
    async () => {
      await db.collection("heroes").createIndex({ hp: 1, _id: 1 }, { name: "hp_1_covering", sparse: false });
      await db.collection("heroes").dropIndex("hp_1");
    },
  ],
])("a rebuild that was killed %s is ended by the next run", async (_when, leave) => {
  const before = await names();
  await ops.collection<{ _id: string }>("index_rebuilds").insertOne({
    ...{ _id: "heroes.hp_1", version: 1, collection: "heroes", covering: "hp_1_covering" },
    ...{ definition: '{"key":{"hp":1},"name":"hp_1","sparse":true}', at: new Date(), by: "ada", host: "h" },
  });
  await leave();
  expect(await rebuildIndex({ db, ops, name: "hp_1" })).toMatchObject({ resumed: true });
  expect(await names()).toEqual(before);
  expect(await definition("hp_1")).toMatchObject({ sparse: true });
  expect(await openRebuilds(ops)).toEqual([]);
});

test("one that cannot be missing is refused, and one that is not there is wrong usage", async () => {
  const rebuild = (index: string) => rebuildIndex({ db, ops, name: index });
  await expect(rebuild("name_1")).rejects.toMatchObject({ code: "index-not-rebuilt", exitCode: 3 });
  await expect(rebuild("_id_")).rejects.toMatchObject({ exitCode: 3 });
  await expect(rebuild("nobody_1")).rejects.toMatchObject({ code: "index-unclear", exitCode: 2 });
  expect(await rebuild("name_text")).toMatchObject({ covering: null });
});

test("sizes tell of every index and collection, and by how much they grew since a week ago", async () => {
  const seen = await observeIndexes(db);
  expect(seen.map((index) => index.name).sort()).toEqual(await names());
  for (const { bytes, uses } of seen)
    expect({ sized: bytes > 0, counted: uses !== null }).toEqual({ sized: true, counted: true });
  const weekAgo = new Date(Date.now() - 7 * 86_400_000);
  const [first] = await collectionSizes(db, ops);
  expect(first).toMatchObject({ name: "heroes", documents: 200, growthPerDay: null });
  if (!first) throw new Error("heroes have no size");
  await rememberSizes(ops, [{ ...first, bytes: first.bytes - 7000 }], weekAgo);
  const [second] = await collectionSizes(db, ops);
  expect(second?.growthPerDay).toBeCloseTo(1000, 0);
});

test("a query that had to look at everything names the index that it lacks", async () => {
  await db.command({ profile: 2, slowms: 0 });
  await db.collection("heroes").find({ class: "bard" }).sort({ hp: -1 }).toArray();
  await db.command({ profile: 0 });
  const { queries } = await slowQueries(db);
  expect(queries.find(({ shape }) => shape === "class by hp")).toMatchObject({
    collection: "heroes",
    missing: { class: 1, hp: -1 },
  });
});
