import type { MongoClient } from "mongodb";

/** How full the driver's pool of connections is. */
export interface PoolHealth {
  /** Connections that are open. */
  size: number;
  /** Those that carry an operation at this moment. */
  inUse: number;
  /** Operations that wait for one. */
  waiting: number;
  max: number;
}

const watched = new WeakMap<MongoClient, () => PoolHealth>();

/** Counts a client's connections from now on; to be called before it connects. */
export function watchPool(client: MongoClient): () => PoolHealth {
  const known = watched.get(client);
  if (known) return known;
  let size = 0;
  let inUse = 0;
  let waiting = 0;
  client.on("connectionCreated", () => size++);
  client.on("connectionClosed", () => (size = Math.max(0, size - 1)));
  client.on("connectionCheckOutStarted", () => waiting++);
  client.on("connectionCheckOutFailed", () => (waiting = Math.max(0, waiting - 1)));
  client.on("connectionCheckedOut", () => {
    waiting = Math.max(0, waiting - 1);
    inUse++;
  });
  client.on("connectionCheckedIn", () => (inUse = Math.max(0, inUse - 1)));
  const look = () => ({ size, inUse, waiting, max: client.options.maxPoolSize });
  watched.set(client, look);
  return look;
}
