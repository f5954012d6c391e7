import type { MongoClient } from "mongodb";

interface Shared {
  client: Promise<MongoClient>;
  users: number;
  closing: NodeJS.Timeout | undefined;
}

/** The next who asks is there by then, as a rule; open connections hold up the end of a process. */
let lingerMs = 2000;

/** For a process that others end: it keeps them for as long as a step may take that does not ask. */
export function keepConnections(): void {
  lingerMs = 10 * 60_000;
}

const shared = new Map<string, Shared>();

/** One client for all who ask by the same key, where a connection is dear; it is closed a while after the last of them. */
export async function sharedClient(key: string, open: () => Promise<MongoClient>): Promise<MongoClient> {
  const one = shared.get(key) ?? { client: open(), users: 0, closing: undefined };
  shared.set(key, one);
  clearTimeout(one.closing);
  one.users++;
  try {
    return closedByUse(await one.client, () => leave(key, one));
  } catch (error) {
    if (shared.get(key) === one) shared.delete(key);
    throw error;
  }
}

function leave(key: string, one: Shared): void {
  if (--one.users > 0) return;
  one.closing = setTimeout(() => {
    if (shared.get(key) === one) shared.delete(key);
    void one.client.then((client) => client.close()).catch(() => undefined);
  }, lingerMs);
}

/** A client that is the caller's own until it closes it. */
function closedByUse(client: MongoClient, leaves: () => void): MongoClient {
  let left = false;
  const close = () => {
    if (!left) leaves();
    left = true;
    return Promise.resolve();
  };
  return new Proxy(client, {
    get(target, name) {
      if (name === "close") return close;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
