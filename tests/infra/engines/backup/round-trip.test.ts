import {
  Binary,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  MongoClient,
  ObjectId,
  Timestamp,
  UUID,
  type Db,
} from "mongodb";
import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  estimateBackup,
  findArchive,
  listArchives,
  restoreArchive,
  takeBackup,
  verifyArchive,
} from "../../../../infra/engines/backup";
import { FolderStore } from "../../../../infra/drivers/store";

const name = "backup_round_trip";
const copy = "backup_round_trip_copy";
const addressOf = (database: string) =>
  ({ uri: process.env.TEST_MONGODB_URI ?? "", name: database, credentials: "none" }) as const;

let client: MongoClient;
let source: Db;
let folder: string;

beforeAll(async () => {
  client = await MongoClient.connect(process.env.TEST_MONGODB_URI ?? "");
  source = client.db(name);
  await source.dropDatabase();
  await seed(source);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dnd-archives-"));
  await client.db(copy).dropDatabase();
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(async () => {
  await source.dropDatabase();
  await client.db(copy).dropDatabase();
  await client.close();
});

async function seed(db: Db): Promise<void> {
  await db.createCollection("characters", { validator: { level: { $gte: 1 } } });
  const heroes = Array.from({ length: 20_000 }, (_, n) => ({
    name: `hero ${n}`,
    level: (n % 20) + 1,
    note: "x".repeat(n % 300),
  }));
  await db.collection("characters").insertMany(heroes);
  await db
    .collection("characters")
    .createIndexes([
      { key: { name: 1 }, unique: true },
      { key: { level: -1, name: 1 }, partialFilterExpression: { level: { $gt: 10 } } },
      { key: { note: "text" } },
    ]);
  await db.createCollection("empty", { collation: { locale: "de" } });
  await db.createCollection("log", { capped: true, size: 100_000 });
  await db.collection("log").insertMany([{ line: 1 }, { line: 2 }]);
  await db.createCollection("rolls", { timeseries: { timeField: "at", metaField: "die" } });
  await db.collection("rolls").insertMany([
    { at: new Date(0), die: "d20", value: 7 },
    { at: new Date(1000), die: "d6", value: 2 },
  ]);
  await db.createCollection("strong", { viewOn: "characters", pipeline: [{ $match: { level: 20 } }] });
  await db
    .collection("odd")
    .insertMany([everyType(), { _id: "dots.and.$" as never, "a.b": { $c: 1 }, "": "empty" }]);
}

function everyType() {
  return {
    int: new Int32(5),
    whole: new Double(5),
    negativeZero: new Double(-0),
    nan: new Double(NaN),
    long: Long.fromString("9223372036854775807"),
    decimal: Decimal128.fromString("1.50"),
    text: "Zwölf",
    list: [1, [2, { a: null }]],
    binary: new Binary(Buffer.from([1, 2]), 0x80),
    uuid: new UUID(),
    id: new ObjectId(),
    yes: true,
    date: new Date(5),
    nothing: null,
    pattern: /a+/i,
    time: new Timestamp({ t: 1, i: 2 }),
    least: new MinKey(),
    most: new MaxKey(),
  };
}

async function hashesOf(db: Db): Promise<Record<string, string>> {
  const { collections } = await db.command({ dbHash: 1 });
  return collections as Record<string, string>;
}

const take = () =>
  takeBackup({ address: addressOf(name), store: folder, environment: "development", release: 7 });

describe("an archive", () => {
  test("put into another database is equal to its source, collection by collection", async () => {
    const archive = await take();
    expect(archive).toMatchObject({ verified: true, collections: 6 });
    expect(archive.id).toMatch(/^\d{8}T\d{6}Z-r7-[0-9a-f]{4}$/);
    await restoreArchive({ store: folder, database: name, id: archive.id, to: addressOf(copy) });
    const [before, after] = [await hashesOf(source), await hashesOf(client.db(copy))];
    delete before["system.views"];
    delete after["system.views"];
    expect(after).toEqual(before);
    const indexes = (db: Db) => db.collection("characters").indexes();
    expect(await indexes(client.db(copy))).toEqual(await indexes(source));
    expect(await client.db(copy).collection("strong").countDocuments()).toBe(1000);
    const validator = async (db: Db) => {
      const [found] = await db.listCollections({ name: "characters" }, { nameOnly: false }).toArray();
      return (found as { options?: { validator?: object } }).options?.validator;
    };
    expect(await validator(client.db(copy))).toEqual(await validator(source));
  });

  test("is listed and found, and the estimate knew its size", async () => {
    expect(await listArchives(folder, name)).toEqual([]);
    const archive = await take();
    expect((await listArchives(folder, name)).map((one) => one.id)).toEqual([archive.id]);
    expect(await findArchive(folder, name, archive.id)).toMatchObject({ sha256: archive.sha256 });
    expect((await estimateBackup(addressOf(name))).documents).toBeGreaterThan(19_000);
    expect(await estimateBackup(addressOf("backup_no_such"))).toEqual({
      collections: 0,
      documents: 0,
      bytes: 0,
    });
  });

  test("of a database that does not exist is valid and empty", async () => {
    const archive = await takeBackup({
      address: addressOf("backup_no_such"),
      store: folder,
      environment: "development",
      release: 1,
    });
    expect(archive).toMatchObject({ documents: 0, collections: 0, verified: true });
  });

  test.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 20)],
    [
      "changed in the middle",
      (bytes: Buffer) =>
        Buffer.concat([bytes.subarray(0, 5000), Buffer.from([(bytes[5000] ?? 0) ^ 1]), bytes.subarray(5001)]),
    ],
    ["longer than it was", (bytes: Buffer) => Buffer.concat([bytes, Buffer.from([0])])],
  ])("that was %s is refused before anything is touched", async (_how, damage) => {
    const archive = await take();
    const path = join(folder, name, `${archive.id}.archive.gz`);
    await writeFile(path, damage(await readFile(path)));
    await expect(verifyArchive(new FolderStore(folder), name, archive.id)).rejects.toMatchObject({
      code: "archive-damaged",
    });
    await expect(
      restoreArchive({ store: folder, database: name, id: archive.id, to: addressOf(copy) }),
    ).rejects.toMatchObject({ code: "archive-damaged" });
    expect(await client.db(copy).listCollections().toArray()).toEqual([]);
  });

  test("does not overwrite what stands there unless it may be dropped, and a dry run writes nothing", async () => {
    const archive = await take();
    const to = addressOf(copy);
    await client.db(copy).collection("characters").insertOne({ mine: true });
    const wanted = { store: folder, database: name, id: archive.id, to };
    await expect(restoreArchive(wanted)).rejects.toMatchObject({ code: "restore-not-empty" });
    expect(await restoreArchive({ ...wanted, dryRun: true })).toMatchObject({ written: false });
    expect(await client.db(copy).collection("characters").countDocuments()).toBe(1);
    expect(await restoreArchive({ ...wanted, drop: true })).toMatchObject({ written: true });
    expect(await client.db(copy).collection("characters").countDocuments()).toBe(20_000);
  });

  test("that is interrupted leaves nothing that looks like one", async () => {
    const stop = new AbortController();
    const progress = () => stop.abort(new Error("stop"));
    await expect(
      takeBackup({
        address: addressOf(name),
        store: folder,
        environment: "development",
        release: 1,
        progress,
        signal: stop.signal,
      }),
    ).rejects.toThrow("stop");
    expect(await readdir(join(folder, name))).toEqual([]);
  });

  test("without its manifest does not exist, and a killed run's rest is removed by the next", async () => {
    const rest = join(folder, name, "20260101T000000Z-r1-aaaa.archive.gz");
    await take();
    await (await open(rest, "w")).close();
    expect(await listArchives(folder, name)).toHaveLength(1);
    await take();
    expect(await readdir(join(folder, name))).not.toContain("20260101T000000Z-r1-aaaa.archive.gz");
  });
});
