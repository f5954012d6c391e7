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

export interface WatchedPool {
  now: () => PoolHealth;
  /** The most connections in use at once since this was last asked, in percent of what may be. */
  takePeakPercent: () => number;
}

const watched = new WeakMap<MongoClient, WatchedPool>();

/** Counts a client's connections from now on; to be called before it connects. */
export function watchPool(client: MongoClient): WatchedPool {
  const known = watched.get(client) ?? countConnections(client);
  watched.set(client, known);
  return known;
}

function countConnections(client: MongoClient): WatchedPool {
  const max = client.options.maxPoolSize;
  const pool: PoolHealth = { size: 0, inUse: 0, waiting: 0, max };
  let peak = 0;
  // What began before the counting ends in it: no figure falls below nothing.
  const less = (figure: "size" | "inUse" | "waiting") => (pool[figure] = Math.max(0, pool[figure] - 1));
  client.on("connectionCreated", () => pool.size++);
  client.on("connectionClosed", () => less("size"));
  client.on("connectionCheckOutStarted", () => pool.waiting++);
  client.on("connectionCheckOutFailed", () => less("waiting"));
  client.on("connectionCheckedOut", () => {
    less("waiting");
    peak = Math.max(peak, ++pool.inUse);
  });
  client.on("connectionCheckedIn", () => less("inUse"));
  return {
    now: () => ({ ...pool }),
    takePeakPercent: () => {
      const percent = max > 0 ? (peak / max) * 100 : 0;
      peak = pool.inUse;
      return percent;
    },
  };
}
