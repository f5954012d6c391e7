import type { ClientSession, Collection, Db, Document, IndexDescription } from "mongodb";
import type { Write } from "./guard";
import { ofVersion } from "./image-id";
import { preImagesName } from "./reserved";

/** An index as it was before a migration dropped it. */
interface IndexImage {
  /** Version, collection and name. */
  _id: string;
  collection: string;
  index: Document;
}

/** Whether a write drops indexes and does nothing else. */
export function isIndexDrop({ method, args }: Pick<Write, "method" | "args">): boolean {
  return ["dropIndex", "dropIndexes"].includes(method) || (method === "command" && isDropCommand(args[0]));
}

/** Keeps the full definition of each index that a write is about to drop; says whether there was any. */
export async function keepDroppedIndexes(
  db: Db,
  version: string,
  write: Write,
  session: ClientSession,
): Promise<boolean> {
  const there = (await db
    .collection(write.collection)
    .indexes()
    .catch(() => [])) as Document[];
  const going = there.filter((index) => index.name !== "_id_" && isDropped(index, write));
  if (going.length === 0) return false;
  const operations = going.map((index) => {
    const _id = `${version}/${write.collection}/index ${String(index.name)}`;
    const image = { collection: write.collection, index };
    return { updateOne: { filter: { _id }, update: { $setOnInsert: image }, upsert: true } };
  });
  await imagesOf(db).bulkWrite(operations, { session, writeConcern: { w: "majority" } });
  return true;
}

/** Makes every index again that a migration has dropped, as it was; those that are there again stay. */
export async function putIndexesBack(db: Db, version: string): Promise<void> {
  const images = await imagesOf(db)
    .find({ _id: ofVersion(version), index: { $exists: true } })
    .toArray();
  for (const { _id, collection, index } of images) {
    const { v: _v, ns: _ns, ...definition } = index;
    await db.collection(collection).createIndexes([definition as IndexDescription]);
    await imagesOf(db).deleteOne({ _id });
  }
}

function imagesOf(db: Db): Collection<IndexImage> {
  return db.collection<IndexImage>(preImagesName);
}

function isDropCommand(command: unknown): boolean {
  return typeof command === "object" && command !== null && Object.keys(command)[0] === "dropIndexes";
}

function isDropped(index: Document, { method, args }: Write): boolean {
  if (method === "dropIndexes") return true;
  const wanted = method === "command" ? (args[0] as { index?: unknown }).index : args[0];
  const names: unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  return names.some(
    (one) => one === "*" || one === index.name || JSON.stringify(one) === JSON.stringify(index.key),
  );
}
