import type { Db } from "mongodb";
import { collectionsOf } from "./observe-indexes";
import { unlessForbidden } from "./unless-forbidden";

/** How large a collection is, and by how much it grew. */
export interface CollectionSize {
  name: string;
  documents: number;
  bytes: number;
  indexBytes: number;
  /** Bytes a day since an earlier look; null at the first. */
  growthPerDay: number | null;
}

interface SizesThen {
  _id: string;
  version: 1;
  at: Date;
  bytes: Record<string, number>;
}

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const keptLooks = 60;

/** The sizes of a database's collections, the largest first, held against an earlier look in `<database>_ops`. */
export async function collectionSizes(db: Db, ops: Db, now = new Date()): Promise<CollectionSize[]> {
  const before = await earlierLook(ops, now);
  const sizes: CollectionSize[] = [];
  for (const name of await collectionsOf(db)) {
    const stages = [{ $collStats: { storageStats: { scale: 1 } } }];
    const parts = (await unlessForbidden(() => db.collection(name).aggregate(stages).toArray())) ?? [];
    const sum = (field: string) =>
      parts.reduce((total, { storageStats }) => total + Number(storageStats?.[field] ?? 0), 0);
    const bytes = sum("size");
    const then = before?.bytes[name];
    const days = before ? (now.getTime() - before.at.getTime()) / dayMs : 0;
    sizes.push({
      name,
      documents: sum("count"),
      bytes,
      indexBytes: sum("totalIndexSize"),
      growthPerDay: then === undefined || days <= 0 ? null : (bytes - then) / days,
    });
  }
  return sizes.sort((one, other) => other.bytes - one.bytes);
}

/** Writes the sizes down, so that a later look can tell by how much they grew; one a day is kept. */
export async function rememberSizes(
  ops: Db,
  sizes: readonly CollectionSize[],
  now = new Date(),
): Promise<void> {
  const looks = ops.collection<SizesThen>("collection_sizes");
  const bytes = Object.fromEntries(sizes.map((size) => [size.name, size.bytes]));
  const _id = now.toISOString().slice(0, 10);
  await looks.replaceOne({ _id }, { version: 1, at: now, bytes }, { upsert: true });
  const old = await looks.find({}).sort({ _id: -1 }).skip(keptLooks).toArray();
  for (const { _id: gone } of old) await looks.deleteOne({ _id: gone });
}

/** About a week ago where there is such a look, else the oldest; what is of the last hours says nothing. */
async function earlierLook(ops: Db, now: Date): Promise<SizesThen | undefined> {
  const looks = await ops.collection<SizesThen>("collection_sizes").find({}).sort({ _id: 1 }).toArray();
  const old = looks.filter(({ at, version }) => version === 1 && now.getTime() - at.getTime() > 12 * hourMs);
  return old.filter(({ at }) => now.getTime() - at.getTime() >= 6 * dayMs).at(-1) ?? old[0];
}
