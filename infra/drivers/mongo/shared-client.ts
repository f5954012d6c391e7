import type { MongoClient } from "mongodb";

/** A client, and what says that nothing it asks comes to a server any more. */
export interface Opened {
  client: MongoClient;
  over?: AbortSignal;
}

interface Shared {
  opened: Promise<Opened>;
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
export async function sharedClient(key: string, open: () => Promise<Opened>): Promise<MongoClient> {
  const one = shared.get(key) ?? begun(key, open);
  clearTimeout(one.closing);
  one.users++;
  try {
    return closedByUse((await one.opened).client, () => leave(key, one));
  } catch (error) {
    forget(key, one);
    throw error;
  }
}

function begun(key: string, open: () => Promise<Opened>): Shared {
  const one: Shared = { opened: open(), users: 0, closing: undefined };
  shared.set(key, one);
  one.opened.then(
    ({ over }) => {
      // What still waits fails now, and the next who asks gets another one.
      if (over?.aborted) return close(key, one);
      over?.addEventListener("abort", () => close(key, one), { once: true });
    },
    () => undefined,
  );
  return one;
}

function leave(key: string, one: Shared): void {
  if (--one.users > 0) return;
  one.closing = setTimeout(() => close(key, one), lingerMs);
}

function close(key: string, one: Shared): void {
  clearTimeout(one.closing);
  forget(key, one);
  void one.opened.then(({ client }) => client.close()).catch(() => undefined);
}

function forget(key: string, one: Shared): void {
  if (shared.get(key) === one) shared.delete(key);
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
