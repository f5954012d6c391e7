import type { Db, MongoClient } from "mongodb";
import { connect, type ConnectOptions } from "./connect";
import { opsDatabaseName, type DatabaseAddress, type DatabaseRole } from "./contract";

/** A connection that has logged in, with the application's database and the operations' beside it. */
export interface Connected {
  client: MongoClient;
  app: Db;
  ops: Db;
}

/** Connects as the role, works, and closes the connection whatever came of it. */
export async function atDatabase<T>(
  address: DatabaseAddress,
  role: DatabaseRole,
  options: ConnectOptions,
  work: (at: Connected) => Promise<T>,
): Promise<T> {
  const client = await connect(address, role, options);
  try {
    return await work({
      client,
      app: client.db(address.name),
      ops: client.db(opsDatabaseName(address.name)),
    });
  } finally {
    await client.close();
  }
}
