import { MongoMemoryReplSet } from "mongodb-memory-server-core";

/** One real mongod for all suites: each takes a database name of its own. */
export default async function globalSetup(): Promise<void> {
  const replicaSet = await MongoMemoryReplSet.create({
    replSet: { count: 1, name: "test", storageEngine: "wiredTiger" },
    binary: { systemBinary: process.env.DND_MONGOD ?? "mongod", version: "6.0.5", checkMD5: false },
  });
  process.env.TEST_MONGODB_URI = replicaSet.getUri();
  (globalThis as { testReplicaSet?: MongoMemoryReplSet }).testReplicaSet = replicaSet;
}
