import type { Db, MongoClient } from "mongodb";
import type { WorkContext } from "../context";
import { MigrationMisuseError } from "../errors";
import { anything } from "./anything";

/** Something that a migration asked the database, or a helper, to do. */
export interface Asked {
  collection: string;
  /** A method of collections, or "helpers." and a helper's name. */
  method: string;
  args: unknown[];
}

/** After so many documents a collection is empty: loops that go on until nothing is left end. */
const documentsEach = 2;
const mostCalls = 2000;

/** A context without any database: it notes what is asked and gives answers that let the migration go on. */
export function recordingContext(asked: Asked[], signal: AbortSignal): WorkContext {
  const left = new Map<string, number>();
  const note = (collection: string, method: string, args: unknown[]): void => {
    signal.throwIfAborted();
    if (asked.length >= mostCalls) {
      throw new MigrationMisuseError("it asks without an end", "Let its loops end when nothing is left.");
    }
    asked.push({ collection, method, args });
  };
  const takeOne = (collection: string): unknown[] => {
    const rest = left.get(collection) ?? documentsEach;
    left.set(collection, rest - 1);
    return rest > 0 ? [anything()] : [];
  };
  const collectionOf = (name: string): unknown =>
    new Proxy({} as Record<string, unknown>, {
      get(_target, method: string) {
        if (method === "collectionName") return name;
        if (method === "then") return undefined;
        return (...args: unknown[]) => {
          note(name, method, args);
          return answerTo(method, () => takeOne(name));
        };
      },
    });
  const db = databaseOf(collectionOf, note);
  return {
    db: db as Db,
    client: new Proxy({}, { get: (_target, name) => (name === "db" ? () => db : anything()) }) as MongoClient,
    session: undefined,
    log: () => undefined,
    signal,
    helpers: new Proxy({} as WorkContext["helpers"], {
      get:
        (_target, name: string) =>
        async (collection: string, ...args: unknown[]) => {
          note(collection, `helpers.${name}`, args);
          return { documents: 1 };
        },
    }),
  };
}

function databaseOf(
  collectionOf: (name: string) => unknown,
  note: (collection: string, method: string, args: unknown[]) => void,
): unknown {
  const named = ["createCollection", "dropCollection", "renameCollection"];
  return new Proxy({} as Record<string, unknown>, {
    get(_target, method: string) {
      if (method === "collection") return collectionOf;
      if (method === "databaseName") return "anything";
      if (method === "then") return undefined;
      return (...args: unknown[]) => {
        if (named.includes(method)) note(String(args[0]), method, args.slice(1));
        if (method === "command") noteCommand(args[0], note);
        return answerTo(method, () => []);
      };
    },
  });
}

function noteCommand(command: unknown, note: (collection: string, method: string, args: unknown[]) => void) {
  const [[name, collection] = ["", ""]] = Object.entries(command as Record<string, unknown>);
  note(String(collection), `command.${name}`, [command]);
}

function answerTo(method: string, take: () => unknown[]): unknown {
  if (["find", "aggregate", "listIndexes", "listCollections"].includes(method)) return cursorOf(take());
  return Promise.resolve(promisedBy(method, take));
}

function promisedBy(method: string, take: () => unknown[]): unknown {
  if (/^findOne/.test(method)) return take()[0] ?? null;
  if (method === "distinct") return take();
  if (/ount/.test(method)) return take().length;
  if (method === "indexes") return [];
  if (method === "indexExists") return false;
  if (/^(update|replace)/.test(method)) return { matchedCount: 1, modifiedCount: 1, upsertedId: null };
  return anything();
}

function cursorOf(documents: unknown[]): unknown {
  const rest = [...documents];
  const own: Record<string | symbol, unknown> = {
    toArray: async () => rest.splice(0),
    next: async () => rest.shift() ?? null,
    tryNext: async () => rest.shift() ?? null,
    hasNext: async () => rest.length > 0,
    forEach: async (each: (one: unknown) => void) => rest.splice(0).forEach((one) => each(one)),
    close: async () => undefined,
    async *[Symbol.asyncIterator]() {
      yield* rest.splice(0);
    },
  };
  const cursor: unknown = new Proxy(own, {
    get: (target, name) => (name === "then" ? undefined : (target[name] ?? (() => cursor))),
  });
  return cursor;
}
