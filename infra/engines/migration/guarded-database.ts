import { Collection, type ClientSession, type Db } from "mongodb";
import { MigrationMisuseError } from "./errors";
import { journalName } from "./journal";

/** What each command of a migration goes through. */
export interface Guard {
  /** Throws when the run must stop. */
  check(): void;
  /** Joined by every command, so that none can be forgotten. */
  session: ClientSession | undefined;
  comment: string;
  /** How many commands have not been answered yet. */
  running: number;
}

/** Where a method takes its options, by name. */
const inTransactions: Record<string, number> = {
  insertOne: 1,
  insertMany: 1,
  bulkWrite: 1,
  updateOne: 2,
  updateMany: 2,
  replaceOne: 2,
  deleteOne: 1,
  deleteMany: 1,
  find: 1,
  findOne: 1,
  findOneAndUpdate: 2,
  findOneAndReplace: 2,
  findOneAndDelete: 1,
  aggregate: 1,
  countDocuments: 1,
  distinct: 2,
};

const outsideOnly: Record<string, number> = {
  estimatedDocumentCount: 0,
  createIndex: 1,
  createIndexes: 1,
  dropIndex: 1,
  dropIndexes: 0,
  indexes: 0,
  listIndexes: 0,
  indexExists: 1,
  options: 0,
  drop: 0,
  rename: 1,
};

const ofDatabases: Record<string, number> = {
  createCollection: 1,
  dropCollection: 1,
  renameCollection: 2,
  listCollections: 1,
};

/** The app's database as a migration gets it: nothing passes by the transaction, the lock or the deadline. */
export function guardDatabase(db: Db, guard: Guard): Db {
  const methods = guard.session ? {} : ofDatabases;
  return new Proxy(db, {
    get(target, name: string) {
      if (name === "collection") {
        return (collection: string) => guardCollection(target.collection(collection), guard);
      }
      if (name === "command") {
        return (command: object) => {
          guard.check();
          const session = guard.session ? { session: guard.session } : {};
          return tracked(guard, target.command({ ...command, comment: guard.comment }, session));
        };
      }
      return guardMethod(target, name, methods, guard);
    },
  });
}

function guardCollection(collection: Collection, guard: Guard): Collection {
  if (collection.collectionName === journalName) {
    throw new MigrationMisuseError(
      `it reaches for the collection ${journalName}`,
      "The journal is the engine's own: leave it out of the migration.",
    );
  }
  const methods = guard.session ? inTransactions : { ...inTransactions, ...outsideOnly };
  return new Proxy(collection, {
    get: (target, name: string) => guardMethod(target, name, methods, guard),
  });
}

function guardMethod(target: object, name: string, methods: Record<string, number>, guard: Guard): unknown {
  const value = Reflect.get(target, name, target) as unknown;
  if (typeof value !== "function") {
    if (name === "client") throw notGuarded(name, guard);
    return value;
  }
  const at = methods[name];
  if (at === undefined) {
    return () => {
      throw notGuarded(name, guard);
    };
  }
  return (...given: unknown[]) => {
    guard.check();
    const args = Array.from({ length: Math.max(at + 1, given.length) }, (_, index) => given[index]);
    const options = (args[at] ?? {}) as object;
    args[at] = { comment: guard.comment, ...options, ...(guard.session ? { session: guard.session } : {}) };
    return tracked(guard, value.apply(target, args) as unknown, (result) =>
      result instanceof Collection ? guardCollection(result, guard) : result,
    );
  };
}

function tracked(
  guard: Guard,
  result: unknown,
  wrap: (result: unknown) => unknown = (same) => same,
): unknown {
  if (!(result instanceof Promise)) return result;
  guard.running++;
  const answer = result.then(wrap).finally(() => guard.running--);
  // Whoever awaits it gets the failure; one that nobody awaits must not end the process before it is told of.
  answer.catch(() => undefined);
  return answer;
}

function notGuarded(name: string, guard: Guard): MigrationMisuseError {
  return new MigrationMisuseError(
    guard.session ? `\`${name}\` cannot run in a transaction` : `\`${name}\` is not for migrations`,
    guard.session
      ? "Declare `transaction: false` and write it so that it bears being repeated."
      : "Use the methods of collections, `command`, and the context's helpers.",
  );
}
