import { MongoMemoryReplSet } from "mongodb-memory-server-core";

/** Three real servers, which choose another primary soon after they have lost one. */
export function startThreeMembers(name: string): Promise<MongoMemoryReplSet> {
  return MongoMemoryReplSet.create({
    replSet: {
      count: 3,
      name,
      storageEngine: "wiredTiger",
      configSettings: { electionTimeoutMillis: 2000 },
    },
    instanceOpts: Array.from({ length: 3 }, () => ({ launchTimeout: 60_000 })),
    binary: { systemBinary: process.env.DND_MONGOD ?? "", version: "6.0.5", checkMD5: false },
  });
}
