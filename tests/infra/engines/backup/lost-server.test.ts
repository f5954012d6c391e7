import { MongoClient } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { restoreArchive, restoreState, takeBackup } from "../../../../infra/engines/backup";
import { BusyStore } from "./busy-store";
import { hashesOf } from "./everything";

// A server of its own, which may be told to fail: what it says then is what it says when it steps down.
let set: MongoMemoryReplSet;
let client: MongoClient;
let uri: string;

beforeAll(async () => {
  set = await MongoMemoryReplSet.create({
    replSet: {
      count: 1,
      name: "lost",
      storageEngine: "wiredTiger",
      args: ["--setParameter", "enableTestCommands=1"],
    },
    binary: { systemBinary: process.env.DND_MONGOD ?? "", version: "6.0.5", checkMD5: false },
  });
  uri = set.getUri();
  client = await MongoClient.connect(uri);
  // More than comes with the first answer.
  const heroes = Array.from({ length: 2500 }, (_, n) => ({ n }));
  await client.db("lost").collection("heroes").insertMany(heroes);
}, 60_000);
afterAll(async () => {
  await client.close();
  await set.stop();
});

const address = (name: string) => ({ uri, name, credentials: "none" }) as const;
const take = (store: BusyStore) =>
  takeBackup({ address: address("lost"), store, environment: "development", release: 1, preset: "none" });
const nothing = () => Promise.resolve();

const notPrimary = { errorCode: 11602, errorLabels: [] };
const cut = { closeConnection: true };

/** The next such command of a backup or restore, and of nobody else, fails so. */
async function failNext(command: string, how: object): Promise<void> {
  const appName = command === "insert" ? "dnd-restore" : "dnd-backup";
  await client.db("admin").command({
    configureFailPoint: "failCommand",
    mode: { times: 1 },
    data: { failCommands: [command], appName, ...how },
  });
}

describe("a dump", () => {
  test.each([
    ["whose server is no primary any more at a find", "find", notPrimary],
    ["whose server is no primary any more at a getMore", "getMore", notPrimary],
    ["whose connection is cut", "getMore", cut],
  ])("%s is made again", async (_what, command, how) => {
    const store = new BusyStore((dump) => (dump === 1 ? failNext(command, how) : nothing()));
    expect(await take(store)).toMatchObject({ verified: true, documents: 2500 });
    expect(store.dumps).toBe(2);
    // The archive, its manifest and the name of the latest one: of the first try nothing is left.
    expect([...store.objects.keys()]).toHaveLength(3);
  });

  test("whose connection is cut again and again says so and leaves nothing", async () => {
    const store = new BusyStore(() => failNext("getMore", cut));
    await expect(take(store)).rejects.toMatchObject({ code: "backup-database-lost" });
    expect([...store.objects.keys()]).toEqual([]);
  });
});

test.each([
  ["is no primary any more", notPrimary],
  ["is cut off", cut],
])("a restore whose server %s says so and changes nothing, and the next one succeeds", async (_what, how) => {
  const store = new BusyStore(nothing);
  const { id } = await take(store);
  const db = client.db("lost_copy");
  await db.dropDatabase();
  await db.collection("mine").insertOne({ kept: true });
  const wanted = { store, id, to: address("lost_copy"), drop: true };
  const archive = store.objects.get(`lost/${id}.archive`) ?? Buffer.alloc(0);
  const bytes = interrupted(archive, () => failNext("insert", how));
  await expect(restoreArchive({ bytes, to: wanted.to, drop: true })).rejects.toMatchObject({
    code: "restore-database-lost",
  });
  await client.db("admin").command({ configureFailPoint: "failCommand", mode: "off" });
  expect(await db.collection("mine").countDocuments()).toBe(1);
  expect(await restoreArchive(wanted)).toMatchObject({ written: true });
  expect(await restoreState(wanted.to)).toMatchObject([{ phase: "kept" }]);
  const hashes = await hashesOf(client.db("lost"));
  expect(await hashesOf(db)).toMatchObject(hashes);
});

/** Behind the list of an archive, once its journal and its shadows are there. */
async function* interrupted(archive: Buffer, inTheMiddle: () => Promise<void>): AsyncGenerator<Buffer> {
  const list = archive.indexOf(Buffer.from([0xff, 0xff, 0xff, 0xff])) + 4;
  yield archive.subarray(0, list);
  await inTheMiddle();
  yield archive.subarray(list);
}
