import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient, Timestamp, type Db } from "mongodb";
import {
  estimateBackup,
  findArchive,
  listArchives,
  restoreArchive,
  takeBackup,
} from "../../../../infra/engines/backup";
import { BusyStore, seedBulk } from "./busy-store";
import { definitionsOf, hashesOf, seedEverything } from "./everything";

const name = "backup_round_trip";
const copy = "backup_round_trip_copy";
const addressOf = (database: string) =>
  ({ uri: process.env.TEST_MONGODB_URI ?? "", name: database, credentials: "none" }) as const;

let client: MongoClient;
let source: Db;
let target: Db;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  source = client.db(name);
  target = client.db(copy);
  await seedEverything(source, 20_000);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-archives-"));
  await target.dropDatabase();
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(async () => {
  await source.dropDatabase();
  await target.dropDatabase();
  await client.close();
});

const take = (release: number | null = 7) =>
  takeBackup({ address: addressOf(name), store: folder, environment: "development", release });

describe("an archive", () => {
  test("put into another database is equal to its source, byte for byte, with all options and indexes", async () => {
    const empty = { at: new Timestamp({ t: 0, i: 0 }) };
    expect(await source.collection("odd").findOne({ _id: "timestamps" as never })).toMatchObject(empty);
    const archive = await take();
    expect(archive).toMatchObject({ verified: true, database: name, release: 7, consistency: "best-effort" });
    expect(archive.id).toMatch(/^\d{8}T\d{9}Z-r7-[0-9a-f]{4}$/);
    const restored = await restoreArchive({ store: folder, id: archive.id, to: addressOf(copy) });
    expect(restored).toMatchObject({ written: true, documents: archive.documents });
    expect(await hashesOf(target)).toEqual(await hashesOf(source));
    expect(await definitionsOf(target)).toEqual(await definitionsOf(source));
    expect(await target.collection("strong").countDocuments()).toBe(1000);
    expect(await target.collection("rolls").countDocuments()).toBe(500);
  });

  test("holds one moment of all collections, although somebody writes while it is taken", async () => {
    const busy = client.db("backup_writes");
    await busy.dropDatabase();
    await seedBulk(busy, "a large one");
    await busy.collection("heroes").insertMany([{ n: 1 }, { n: 2 }]);
    const before = await hashesOf(busy);
    const store = new BusyStore(async () => {
      await busy.collection("heroes").deleteOne({ n: 1 });
      await busy.collection("heroes").insertMany([{ n: 3 }, { n: 4 }]);
      await busy.collection("a large one").deleteMany({});
    });
    const address = addressOf("backup_writes");
    const archive = await takeBackup({ address, store, environment: "development", release: 1 });
    expect(await busy.collection("heroes").countDocuments()).toBe(3);
    await busy.dropDatabase();
    expect(archive).toMatchObject({ documents: 12, consistency: "snapshot" });
    await restoreArchive({ store, id: archive.id, to: addressOf(copy) });
    expect(await hashesOf(target)).toEqual(before);
  });

  test("is listed and found, by database and environment, newest first", async () => {
    expect(await listArchives(folder)).toEqual([]);
    const first = await take(1);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const second = await take(null);
    expect((await listArchives(folder)).map((one) => one.id)).toEqual([second.id, first.id]);
    expect(await listArchives(folder, { database: "another" })).toEqual([]);
    expect(await listArchives(folder, { database: name, environment: "production" })).toEqual([]);
    expect(await findArchive(folder, first.id)).toEqual(first);
    expect(second.id).toMatch(/Z-manual-/);
    expect(await findArchive(folder, "20260101T000000Z-r1-aaaa")).toBeUndefined();
    expect((await readdir(join(folder, name))).sort()).toEqual([
      ...[first, second].flatMap(({ id }) => [`${id}.archive.gz`, `${id}.json`]),
      "latest.json",
    ]);
  });

  test("of a database that does not exist is valid and empty", async () => {
    const address = addressOf("backup_no_such");
    const archive = await takeBackup({ address, store: folder, environment: "development", release: 1 });
    expect(archive).toMatchObject({ documents: 0, collections: 0, verified: true, consistency: "snapshot" });
    const restored = await restoreArchive({ store: folder, id: archive.id, to: addressOf(copy) });
    expect(restored).toMatchObject({ documents: 0, written: true });
  });
});

test("the estimate is quick and knows what an archive will hold", async () => {
  const archive = await take();
  const times: number[] = [];
  let seen = { collections: 0, documents: 0, bytes: 0 };
  for (let n = 0; n < 3; n++) {
    const started = performance.now();
    seen = await estimateBackup(addressOf(name));
    times.push(performance.now() - started);
  }
  const { collections, documents, bytes } = seen;
  expect(Math.min(...times)).toBeLessThan(1000);
  expect({ collections, documents }).toEqual({
    collections: archive.collections,
    documents: archive.documents,
  });
  expect(bytes).toBeGreaterThan(16_000_000);
  const none = { collections: 0, documents: 0, bytes: 0 };
  expect(await estimateBackup(addressOf("backup_no_such"))).toEqual(none);
});
