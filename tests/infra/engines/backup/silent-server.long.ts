import { MongoClient } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { takeBackup } from "../../../../infra/engines/backup";
import { BusyStore } from "./busy-store";

// A server of its own, which is made slow and frozen.
let set: MongoMemoryReplSet;
let client: MongoClient;

beforeAll(async () => {
  set = await MongoMemoryReplSet.create({
    replSet: {
      count: 1,
      name: "silent",
      storageEngine: "wiredTiger",
      args: ["--setParameter", "enableTestCommands=1"],
    },
    binary: { systemBinary: process.env.DND_MONGOD ?? "", version: "6.0.5", checkMD5: false },
  });
  client = await MongoClient.connect(set.getUri());
  const heroes = Array.from({ length: 2500 }, (_, n) => ({ n }));
  await client.db("silent").collection("heroes").insertMany(heroes);
}, 60_000);
afterAll(async () => {
  await client.close();
  await set.stop();
});

const take = (store: BusyStore) =>
  takeBackup({
    address: { uri: set.getUri(), name: "silent", credentials: "none" },
    ...{ store, environment: "development", release: 1, preset: "none" },
  });

async function hold(command: string, blockTimeMS: number): Promise<void> {
  await client.db("admin").command({
    configureFailPoint: "failCommand",
    mode: { times: 1 },
    data: { failCommands: [command], appName: "dnd-backup", blockConnection: true, blockTimeMS },
  });
}

test("a backup waits for a server that takes its time", async () => {
  const store = new BusyStore(() => hold("getMore", 25_000));
  expect(await take(store)).toMatchObject({ verified: true, documents: 2500 });
  expect(store.dumps).toBe(1);
}, 90_000);

test("a backup gives a server up that has fallen silent in the middle of its reading", async () => {
  const pid = set.servers[0]?.instanceInfo?.instance.mongodProcess?.pid ?? 0;
  let frozenAt = 0;
  const store = new BusyStore(async () => {
    if (frozenAt > 0) return;
    await hold("getMore", 3000);
    setTimeout(() => process.kill(pid, "SIGSTOP"), 1000);
    frozenAt = performance.now();
  });
  try {
    await expect(take(store)).rejects.toMatchObject({ code: "backup-database-lost" });
    expect(performance.now() - frozenAt).toBeLessThan(50_000);
    expect([...store.objects.keys()]).toEqual([]);
  } finally {
    process.kill(pid, "SIGCONT");
  }
}, 90_000);
