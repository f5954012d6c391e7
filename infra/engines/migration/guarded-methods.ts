import { Collection, type Db } from "mongodb";
import { MigrationMisuseError } from "./errors";
import { refuse, refuseReserved, type Guard } from "./guard";

/** A method that migrations may call. */
export interface Allowed {
  /** Which argument its options are. */
  optionsAt: number;
  /** Which collections it writes to; nothing for one that only reads. */
  writes?: (target: Db | Collection, args: unknown[]) => string[];
}

const own = (target: Db | Collection): string[] =>
  target instanceof Collection ? [target.collectionName] : [];
const named = (_target: unknown, [name]: unknown[]): string[] => [String(name)];
const reads = (optionsAt: number): Allowed => ({ optionsAt });
const changes = (optionsAt: number): Allowed => ({ optionsAt, writes: own });

const inTransactions: Record<string, Allowed> = {
  insertOne: changes(1),
  insertMany: changes(1),
  bulkWrite: changes(1),
  updateOne: changes(2),
  updateMany: changes(2),
  replaceOne: changes(2),
  deleteOne: changes(1),
  deleteMany: changes(1),
  find: reads(1),
  findOne: reads(1),
  findOneAndUpdate: changes(2),
  findOneAndReplace: changes(2),
  findOneAndDelete: changes(1),
  aggregate: reads(1),
  countDocuments: reads(1),
  distinct: reads(2),
};

const outside: Record<string, Allowed> = {
  ...inTransactions,
  estimatedDocumentCount: reads(0),
  createIndex: changes(1),
  createIndexes: changes(1),
  dropIndex: changes(1),
  dropIndexes: changes(0),
  indexes: reads(0),
  listIndexes: reads(0),
  indexExists: reads(1),
  options: reads(0),
  drop: changes(0),
  rename: { optionsAt: 1, writes: (target, [to]) => [...own(target), String(to)] },
};

const ofDatabases: Record<string, Allowed> = {
  createCollection: { optionsAt: 1, writes: named },
  dropCollection: { optionsAt: 1, writes: named },
  renameCollection: { optionsAt: 2, writes: (_target, [from, to]) => [String(from), String(to)] },
  listCollections: reads(1),
};

export function allowedOf(target: Db | Collection, guard: Guard): Record<string, Allowed> {
  if (target instanceof Collection) return guard.session ? inTransactions : outside;
  return guard.session ? {} : ofDatabases;
}

const readingCommands = new Set(
  "ping hello buildInfo find getMore count distinct listCollections listIndexes collStats dbStats explain validate".split(
    " ",
  ),
);
const writingCommands = new Set(
  "insert update delete findAndModify create drop createIndexes dropIndexes collMod aggregate".split(" "),
);

/** What a command writes to; refuses one that is not known to be harmless, or reaches for what is the engine's. */
export function writeOfCommand(command: object, guard: Guard): { collection: string } | undefined {
  const [[name, collection] = ["", undefined]] = Object.entries(command) as [string, unknown][];
  refuseReserved(guard, collection);
  const targets = targetsOf(command);
  for (const target of targets) refuseReserved(guard, target);
  if (name === "aggregate" && targets.length === 0) return undefined;
  if (writingCommands.has(name)) return { collection: String(targets[0] ?? collection) };
  if (readingCommands.has(name)) return undefined;
  refuse(
    guard,
    new MigrationMisuseError(
      `it sends the command ${name}`,
      `Migrations may send ${[...writingCommands].join(", ")} and commands that read.`,
    ),
  );
}

/** Where an aggregation puts its result. */
function targetsOf(command: object): unknown[] {
  const { pipeline } = command as { pipeline?: unknown };
  if (!Array.isArray(pipeline)) return [];
  const named = (target: unknown): unknown[] => {
    if (target === undefined) return [];
    if (typeof target !== "object" || target === null) return [target];
    const { coll, into } = target as { coll?: unknown; into?: unknown };
    return coll === undefined ? named(into) : [coll];
  };
  return (pipeline as Record<string, unknown>[]).flatMap(({ $out, $merge }) => [
    ...named($out),
    ...named($merge),
  ]);
}
