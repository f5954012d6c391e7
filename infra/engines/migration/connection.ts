import type { Db, MongoClient } from "mongodb";
import { connect, opsDatabaseName, type DatabaseAddress } from "../../drivers/mongo";

/** The databases that migrations work with. */
export interface Databases {
  client: MongoClient;
  db: Db;
  ops: Db;
}

/** Connects as the migration's own user, works, and closes the connection. */
export async function withDatabases<T>(
  address: DatabaseAddress,
  signal: AbortSignal | undefined,
  work: (databases: Databases) => Promise<T>,
): Promise<T> {
  const client = await connect(address, "migration", {
    appName: "dnd-migrations",
    ...(signal ? { signal } : {}),
  });
  try {
    return await work({ client, db: client.db(address.name), ops: client.db(opsDatabaseName(address.name)) });
  } finally {
    await client.close();
  }
}
