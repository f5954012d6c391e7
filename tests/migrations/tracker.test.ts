import { join } from "node:path";
import { MongoClient, ObjectId, type Db } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import {
  downMigrations,
  planMigrations,
  runMigrations,
  validateMigrations,
} from "../../infra/engines/migration";

const folder = join(__dirname, "../../migrations");

let server: MongoMemoryReplSet;
let client: MongoClient;
let db: Db;

const users = [
  {
    createUser: "migration",
    pwd: "m",
    database: "admin",
    roles: [
      { role: "readWrite", db: "tracker" },
      { role: "dbAdmin", db: "tracker" },
      { role: "readWrite", db: "tracker_ops" },
    ],
  },
  { createUser: "reader", pwd: "r", database: "admin", roles: [{ role: "read", db: "tracker" }] },
];

const as = (user: string, password: string) =>
  server.getUri().replace("://", `://${user}:${password}@`).replace("?", "?authSource=admin&");

/** A server as production's is: it refuses to scan a table, runs no scripts, and each user has its own rights. */
beforeAll(async () => {
  server = await MongoMemoryReplSet.create({
    replSet: {
      count: 1,
      name: "strict",
      storageEngine: "wiredTiger",
      auth: { enable: true, customRootName: "root", customRootPwd: "root", extraUsers: users },
    },
    instanceOpts: [{ args: ["--setParameter", "notablescan=1", "--noscripting"] }],
    binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
  });
  client = await MongoClient.connect(as("root", "root"));
  db = client.db("tracker");
});
beforeEach(async () => {
  await db.dropDatabase();
});
beforeEach(() => {
  process.env.MONGODB_URI = as("migration", "m");
});
afterAll(async () => {
  delete process.env.MONGODB_URI;
  await client.close();
  await server.stop();
});

const where = () => ({
  address: { uri: server.getUri(), name: "tracker", credentials: "environment" as const },
  folder,
  release: null,
  progress: () => undefined,
});
const up = (phase: "expand" | "contract" | "all", to?: string) =>
  runMigrations({ ...where(), phase, ...(to ? { to } : {}) });
const down = (steps: number) => downMigrations({ ...where(), steps });

/** Collections, their validators and their indexes, as the server tells them. */
async function schema(): Promise<unknown> {
  const collections = await db.listCollections({}, { nameOnly: false }).toArray();
  const described = collections.map(async (one) => ({
    name: one.name,
    validator: "options" in one ? one.options?.validator : undefined,
    indexes: (await db.collection(one.name).indexes()).map(({ name, key, unique }) => ({
      name,
      key,
      unique,
    })),
  }));
  const all = await Promise.all(described);
  return all.sort((one, other) => one.name.localeCompare(other.name));
}

const created = { createdAt: new Date(), updatedAt: new Date() };
const mira = { name: "Mira", class: "Rogue", level: 3, armorClass: 15, ...created };
const hitPoints = { current: 7, max: 12 };

describe("the tracker's migrations", () => {
  test("are right without a database, and run on an empty one that refuses table scans", async () => {
    expect(validateMigrations(folder)).toEqual({ ok: true, total: 8, problems: [] });
    const { ran, schemaVersion } = await up("all");
    expect(ran).toHaveLength(8);
    expect(schemaVersion).toBe("20261109091000");
    expect((await up("all")).ran).toEqual([]);
  });

  test("can be planned with the right to read alone", async () => {
    await up("expand");
    process.env.MONGODB_URI = as("reader", "r");
    const { pending, problems } = await planMigrations(where());
    expect(problems).toEqual([]);
    expect(pending.map(({ version, phase }) => [version, phase])).toEqual([
      ["20261109090000", "contract"],
      ["20261109091000", "contract"],
    ]);
    await expect(up("contract")).rejects.toThrow(/not authorized/);
  });

  test("give every question of the app an index", async () => {
    await up("all");
    const partyId = new ObjectId();
    const asked = [
      db.collection("characters").find({}).sort({ name: 1 }),
      db.collection("characters").find({ partyId }).sort({ name: 1 }),
      db.collection("characters").find({ name: { $gte: "M", $lt: "N" } }),
      db.collection("parties").find({ name: "The Lost" }),
      db.collection("encounters").find({ partyId }).sort({ createdAt: -1 }),
      db.collection("encounters").find({ status: "active" }).sort({ _id: -1 }),
    ];
    for (const question of asked) expect(await question.toArray()).toEqual([]);
    await expect(db.collection("characters").find({ level: 3 }).toArray()).rejects.toThrow("notablescan");
  });

  test("let the app's documents in and keep wrong ones out", async () => {
    await up("all");
    await db.collection("characters").insertOne({ ...mira, hitPoints });
    await db.collection("parties").insertOne({ name: "The Lost", createdAt: new Date() });
    const wrong: [string, object][] = [
      ["characters", { ...mira }],
      ["characters", { ...mira, hitPoints, level: 21 }],
      ["characters", { ...mira, hitPoints: { current: 13, max: 12 } }],
      ["parties", { name: "The Lost", createdAt: new Date() }],
      ["encounters", { name: "Ambush", status: "lost", ...created }],
    ];
    for (const [collection, document] of wrong) {
      await expect(db.collection(collection).insertOne(document)).rejects.toThrow(/validation|duplicate key/);
    }
  });

  test("move what older code wrote, and old and new code both work between the phases", async () => {
    await up("expand", "20261012090000");
    const old = { ...mira, _id: new ObjectId(), name: " Mira ", hp: 7, maxHp: 12 };
    const party = { _id: new ObjectId(), name: "The Lost", members: [old._id], createdAt: new Date() };
    await db.collection<{ _id: ObjectId }>("characters").insertOne(old);
    await db.collection<{ _id: ObjectId }>("parties").insertOne(party);
    await up("expand");
    const between = await db.collection("characters").findOne({ _id: old._id });
    expect(between).toMatchObject({ name: "Mira", partyId: party._id, hitPoints, hp: 7, maxHp: 12 });
    await db.collection("characters").insertOne({ ...mira, name: "Old code", hp: 4 });
    await db.collection("characters").insertOne({ ...mira, name: "New code", hitPoints });
    await up("contract");
    const after = await db.collection("characters").find({}).sort({ name: 1 }).toArray();
    expect(after.map((one) => [one.name, one.hitPoints, "hp" in one])).toEqual([
      ["Mira", hitPoints, false],
      ["New code", hitPoints, false],
      ["Old code", { current: 4, max: 4 }, false],
    ]);
  });

  test("give the same schema after up, down and up again, from every point that has a way back", async () => {
    await up("all");
    const whole = await schema();
    await db.collection("characters").insertOne({ ...mira, hitPoints });
    const documents = await db.collection("characters").find({}).toArray();
    for (const steps of [1, 2, 3, 4]) {
      await down(steps);
      await up("all");
      expect(await schema()).toEqual(whole);
      expect(await db.collection("characters").find({}).toArray()).toEqual(documents);
    }
    await expect(down(5)).rejects.toMatchObject({ code: "migration-irreversible" });
  });

  test("take back the first three only while nothing would be lost", async () => {
    await up("expand", "20261012090000");
    const before = await schema();
    await down(3);
    expect((await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name)).toEqual([
      "migrations",
    ]);
    await up("expand", "20261012090000");
    expect(await schema()).toEqual(before);
    await db.collection("parties").insertOne({ name: "The Lost", createdAt: new Date() });
    await expect(down(3)).rejects.toThrow("holds documents");
    expect(await db.collection("parties").countDocuments({})).toBe(1);
  });
});
