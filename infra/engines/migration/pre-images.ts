import { createHash } from "node:crypto";
import { BSON, ObjectId, type ClientSession, type Collection, type Db, type Document } from "mongodb";
import type { Write } from "./guard";
import { changedBy, exact } from "./changed-by";
import { keepDroppedIndexes } from "./dropped-indexes";
import { ofVersion } from "./image-id";
import { preImagesName } from "./reserved";

/** What one document was before a migration, and what that made of it. */
export interface PreImage {
  /** Version, collection and document: the first image of a document is the one that counts. */
  _id: string;
  collection: string;
  id: unknown;
  /** Null for one that was not there. */
  before: Document | null;
  /** Null for one that is gone. */
  after: string | null;
}

const mostDocuments = 10_000;
const mostBytes = 12_000_000;

/** Keeps images of what a migration changes, in the transactions that change it. */
export interface PreImages {
  /** Before a write; what it gives back wants to hear of the answer. */
  capture(write: Write): Promise<((answer: unknown) => Promise<void>) | undefined>;
  /** Before indexes are dropped, which no transaction holds. */
  captureIndexes(write: Write): Promise<void>;
}

export function preImagesOf(
  db: Db,
  version: string,
  session: ClientSession,
  tell: (state: "kept" | "beyond") => Promise<void>,
): PreImages {
  const images = imagesIn(db);
  let kept: { documents: number; bytes: number } | undefined;
  let beyond = false;
  const add = async (collection: string, found: Map<unknown, Document | null>): Promise<void> => {
    if (found.size === 0 || beyond) return;
    kept ??= await sizeOf(images, version, session);
    const operations = [...found].map(([id, before]) => {
      const _id = keyOf(version, collection, id);
      const insert = { collection, id, before, after: null };
      return { updateOne: { filter: { _id }, update: { $setOnInsert: insert }, upsert: true } };
    });
    const { upsertedCount } = await images.bulkWrite(operations, { session });
    kept.documents += upsertedCount;
    for (const before of found.values()) kept.bytes += before ? BSON.calculateObjectSize(before) : 0;
    beyond = kept.documents > mostDocuments || kept.bytes > mostBytes;
    if (beyond) await images.deleteMany({ _id: ofVersion(version) }, { session });
    await tell(beyond ? "beyond" : "kept");
  };
  return {
    async captureIndexes(write) {
      if (!beyond && (await keepDroppedIndexes(db, version, write, session))) await tell("kept");
    },
    async capture(write) {
      if (beyond) return undefined;
      const collection = db.collection(write.collection);
      const before = await changedBy(collection, write, session, mostDocuments + 1);
      await add(write.collection, before);
      return async (answer) => {
        const upserted = new Map(upsertedIds(answer).map((id) => [id, null]));
        await add(write.collection, upserted);
        if (beyond) return;
        const ids = [...before.keys(), ...upserted.keys()];
        await keepAfter(images, version, collection, ids, session);
      };
    },
  };
}

export function imagesIn(db: Db): Collection<PreImage> {
  return db.collection<PreImage>(preImagesName);
}

/** Tells documents apart to the bit. */
export function fingerprint(document: Document | null | undefined): string | null {
  return document ? createHash("sha256").update(BSON.serialize(document)).digest("hex") : null;
}

async function keepAfter(
  images: Collection<PreImage>,
  version: string,
  collection: Collection,
  ids: unknown[],
  session: ClientSession,
): Promise<void> {
  if (ids.length === 0) return;
  const now = await collection.find({ _id: { $in: ids as ObjectId[] } }, { session, ...exact }).toArray();
  const prints = new Map(now.map((one) => [fingerprint({ id: one._id as unknown }), fingerprint(one)]));
  const operations = ids.map((id) => {
    const after = prints.get(fingerprint({ id })) ?? null;
    const filter = { _id: keyOf(version, collection.collectionName, id) };
    return { updateOne: { filter, update: { $set: { after } } } };
  });
  await images.bulkWrite(operations, { session });
}

async function sizeOf(
  images: Collection<PreImage>,
  version: string,
  session: ClientSession,
): Promise<{ documents: number; bytes: number }> {
  const [size] = await images
    .aggregate<{ documents: number; bytes: number }>(
      [
        { $match: { _id: ofVersion(version) } },
        { $group: { _id: null, documents: { $sum: 1 }, bytes: { $sum: { $bsonSize: "$$ROOT" } } } },
      ],
      { session },
    )
    .toArray();
  return size ?? { documents: 0, bytes: 0 };
}

function keyOf(version: string, collection: string, id: unknown): string {
  return `${version}/${collection}/${String(fingerprint({ id }))}`;
}

function upsertedIds(answer: unknown): unknown[] {
  const { upsertedId, upsertedIds } = (answer ?? {}) as { upsertedId?: unknown; upsertedIds?: object };
  const one = upsertedId === null || upsertedId === undefined ? [] : [upsertedId];
  return [...one, ...Object.values(upsertedIds ?? {})] as unknown[];
}
