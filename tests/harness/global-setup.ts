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
  process.env.TEST_MONGODB_URI = replicaSet.getUri();
  (globalThis as { testReplicaSet?: MongoMemoryReplSet }).testReplicaSet = replicaSet;
}
