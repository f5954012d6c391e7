import type { Db, MongoClient } from "mongodb";
import { atDatabase, type DatabaseAddress } from "../../drivers/mongo";

/** The databases that migrations work with. */
export interface Databases {
  client: MongoClient;
  db: Db;
  ops: Db;
}

/** Connects as the migration's own user, works, and closes the connection. */
export function withDatabases<T>(
  address: DatabaseAddress,
  signal: AbortSignal | undefined,
  work: (databases: Databases) => Promise<T>,
): Promise<T> {
  return atDatabase(address, "migration", { appName: "dnd-migrations", signal }, ({ client, app, ops }) =>
    work({ client, db: app, ops }),
  );
}
