import { isDeepStrictEqual } from "node:util";
import type { Collection, Db, IndexSpecification } from "mongodb";
import { MongoServerError } from "mongodb";
import { silent, type Progress } from "../../support";
import { coveringIndex } from "./covering";
import { IndexDifferentError, IndexNotRebuiltError, IndexUnclearError } from "./errors";
import { idIndex, type IndexDefinition, type IndexSeen } from "./index-seen";
import { observeIndexes } from "./observe-indexes";
import { beginRebuild, definitionOf, endRebuild, openRebuilds, type Rebuild } from "./rebuild-journal";
import { isScanForbidden } from "./scan-forbidden";

export interface RebuildWanted {
  db: Db;
  ops: Db;
  /** INDEX, or COLLECTION.INDEX where several collections have one of that name. */
  name: string;
  progress?: Progress;
  signal?: AbortSignal | undefined;
}

export interface Rebuilt {
  index: string;
  /** What stood in for it; null where nothing did. */
  covering: string | null;
  bytesBefore: number;
  bytesAfter: number;
  /** A run before this one had begun it. */
  resumed: boolean;
}

/** Builds an index anew. Queries are served by a covering one meanwhile; killed anywhere, the next run ends it. */
export async function rebuildIndex(wanted: RebuildWanted): Promise<Rebuilt> {
  const { db, ops, name, progress = silent, signal } = wanted;
  const seen = await observeIndexes(db, signal);
  const before = await begunBefore(ops, name);
  const rebuild = before ?? (await begin(wanted, indexNamed(seen, name)));
  const collection = db.collection(rebuild.collection);
  const definition = definitionOf(rebuild);
  const covering = rebuild.covering === null ? null : coveringIndex(definition);
  if (covering) {
    progress(`building ${covering.name}, which serves queries meanwhile`);
    await create(collection, covering);
  }
  signal?.throwIfAborted();
  progress(`building ${rebuild._id} anew`);
  await drop(collection, definition.name);
  await create(collection, definition);
  if (!(await isThere(collection, definition)))
    throw new IndexDifferentError(rebuild._id, rebuild.covering ?? "no other one");
  if (covering) await drop(collection, covering.name);
  await endRebuild(ops, rebuild._id);
  return {
    index: rebuild._id,
    covering: rebuild.covering,
    bytesBefore: bytesOf(seen, rebuild),
    bytesAfter: bytesOf(await observeIndexes(db, signal), rebuild),
    resumed: before !== undefined,
  };
}

async function begunBefore(ops: Db, name: string): Promise<Rebuild | undefined> {
  const open = await openRebuilds(ops);
  const found = open.filter(({ _id, collection }) => _id === name || _id === `${collection}.${name}`);
  return found.length === 1 ? found[0] : undefined;
}

function indexNamed(seen: readonly IndexSeen[], name: string): IndexSeen {
  const found = seen.filter((index) => index.name === name || `${index.collection}.${index.name}` === name);
  const [index] = found;
  if (!index || found.length > 1) throw new IndexUnclearError(name, found);
  return index;
}

async function begin({ db, ops }: RebuildWanted, index: IndexSeen): Promise<Rebuild> {
  const { collection, definition } = index;
  if (index.name === idIndex)
    throw new IndexNotRebuiltError(index, "no collection may be without it", "Leave it as it is.");
  if (index.unique)
    throw new IndexNotRebuiltError(
      index,
      "while it is away, what must be there once could be there twice",
      "Rebuild it in a maintenance window with the app at zero machines, by hand.",
    );
  const covering = coveringIndex(definition);
  if (!covering && (await isScanForbidden(db.collection(collection))))
    throw new IndexNotRebuiltError(
      index,
      "this server refuses queries without an index, and no other index can stand in for one of its kind",
      "Rebuild it in a maintenance window, by hand.",
    );
  await beginRebuild(ops, { collection, definition, covering: covering?.name ?? null });
  const begun = await begunBefore(ops, `${collection}.${index.name}`);
  if (!begun) throw new IndexUnclearError(index.name, []);
  return begun;
}

/** One that is there already, as a run before has left it, is taken as it is. */
async function create(collection: Collection, { key, ...options }: IndexDefinition): Promise<void> {
  await collection.createIndex(key as IndexSpecification, options);
}

const indexNotFound = 27;

async function drop(collection: Collection, name: string): Promise<void> {
  try {
    await collection.dropIndex(name);
  } catch (error) {
    if (!(error instanceof MongoServerError && error.code === indexNotFound)) throw error;
  }
}

async function isThere(collection: Collection, { name, key }: IndexDefinition): Promise<boolean> {
  const found = await collection.listIndexes().toArray();
  const built = found.find((index) => index.name === name);
  // A text index stands in other words than those that it was made by.
  return built !== undefined && ("_fts" in built.key || isDeepStrictEqual(built.key, key));
}

function bytesOf(seen: readonly IndexSeen[], { _id }: Rebuild): number {
  return seen.find((index) => `${index.collection}.${index.name}` === _id)?.bytes ?? 0;
}
