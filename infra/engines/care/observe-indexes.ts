import type { Collection, Db, Document } from "mongodb";
import type { IndexDefinition, IndexSeen } from "./index-seen";
import { unlessForbidden } from "./unless-forbidden";

const ownCollection = /^system\./;

/** Every index of a database with its size and how often it was used. Reads only. */
export async function observeIndexes(db: Db, signal?: AbortSignal): Promise<IndexSeen[]> {
  const seen: IndexSeen[] = [];
  for (const name of await collectionsOf(db)) {
    signal?.throwIfAborted();
    seen.push(...(await indexesOf(db.collection(name))));
  }
  return seen;
}

/** The application's own collections, by name. */
export async function collectionsOf(db: Db): Promise<string[]> {
  const found = await db.listCollections({}, { nameOnly: true }).toArray();
  return found
    .filter(({ name, type }) => type === "collection" && !ownCollection.test(name))
    .map(({ name }) => name)
    .sort();
}

async function indexesOf(collection: Collection): Promise<IndexSeen[]> {
  const [definitions, usage, sizes] = await Promise.all([
    collection.listIndexes().toArray() as Promise<Document[]>,
    usageOf(collection),
    sizesOf(collection),
  ]);
  return definitions.map((found) => {
    const used = usage?.get(String(found.name));
    return {
      ...described(collection.collectionName, found),
      bytes: sizes.get(String(found.name)) ?? 0,
      uses: used?.uses ?? null,
      countedSince: used?.since ?? null,
    };
  });
}

function described(collection: string, found: Document): Omit<IndexSeen, "bytes" | "uses" | "countedSince"> {
  // The version of the index' own format is the server's to choose again.
  const { v: _v, ns: _ns, ...definition } = found;
  const { unique, sparse, partialFilterExpression, collation, hidden, expireAfterSeconds } = definition;
  return {
    collection,
    name: String(found.name),
    key: found.key as IndexSeen["key"],
    unique: unique === true,
    special: Boolean(sparse ?? partialFilterExpression ?? collation ?? hidden),
    expires: expireAfterSeconds !== undefined,
    definition: definition as IndexDefinition,
  };
}

/** Summed over the members that answer; undefined where the user may not ask. */
async function usageOf(
  collection: Collection,
): Promise<Map<string, { uses: number; since: Date }> | undefined> {
  const stages = [{ $indexStats: {} }];
  const found = await unlessForbidden(() => collection.aggregate(stages).toArray());
  if (!found) return undefined;
  const usage = new Map<string, { uses: number; since: Date }>();
  for (const { name, accesses } of found) {
    const { ops, since } = accesses as { ops: number | bigint; since: Date };
    const before = usage.get(String(name));
    const uses = Number(ops) + (before?.uses ?? 0);
    usage.set(String(name), { uses, since: before && before.since < since ? before.since : since });
  }
  return usage;
}

async function sizesOf(collection: Collection): Promise<Map<string, number>> {
  const stages = [{ $collStats: { storageStats: {} } }, { $project: { sizes: "$storageStats.indexSizes" } }];
  const parts = (await unlessForbidden(() => collection.aggregate(stages).toArray())) ?? [];
  const sizes = new Map<string, number>();
  for (const { sizes: own } of parts)
    for (const [name, bytes] of Object.entries((own ?? {}) as Record<string, number>))
      sizes.set(name, (sizes.get(name) ?? 0) + Number(bytes));
  return sizes;
}
