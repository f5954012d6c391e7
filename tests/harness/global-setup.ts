import { MongoClient } from "mongodb";
import { MongoMemoryReplSet } from "mongodb-memory-server-core";
import { ensureMongodBinary } from "../../infra/drivers/mongod";

/** One real mongod for all suites: each takes a database name of its own. A machine without one gets it here. */
export default async function globalSetup(): Promise<void> {
  const { path, version } = await ensureMongodBinary((message) =>
    process.stderr.write(`mongod: ${message}\n`),
  );
  process.env.DND_MONGOD = path;
  const replicaSet = await MongoMemoryReplSet.create({
    replSet: { count: 1, name: "test", storageEngine: "wiredTiger" },
    // A machine that has much to do starts it slowly.
    instanceOpts: [{ launchTimeout: 60_000 }],
    binary: { systemBinary: path, version, checkMD5: false },
  });
  await confirmBeforeDisk(replicaSet.getUri());
  process.env.TEST_MONGODB_URI = replicaSet.getUri();
  (globalThis as { testReplicaSet?: MongoMemoryReplSet }).testReplicaSet = replicaSet;
}

/** Nobody kills this server, so nothing has to be on its disk before it says that a majority has it: most suites would wait for little else. */
async function confirmBeforeDisk(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri);
  try {
    const admin = client.db("admin");
    const { config } = await admin.command({ replSetGetConfig: 1 });
    const { version, ...rest } = config as { version: number };
    const wanted = { ...rest, version: version + 1, writeConcernMajorityJournalDefault: false };
    await admin.command({ replSetReconfig: wanted });
    // Only what is written from now on is confirmed so: what asks before anything was waits for the server's next mark.
    const begin = client.db("test_begin");
    await begin.collection("begun").insertOne({});
    await begin.dropDatabase();
  } finally {
    await client.close();
  }
}
