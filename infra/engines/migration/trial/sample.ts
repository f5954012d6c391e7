import type { CollectionInfo, CreateCollectionOptions, Db, Document, IndexDescription } from "mongodb";
import { atDatabase, type DatabaseAddress } from "../../../drivers/mongo";
import { isOfRestore, type Progress } from "../../../support";
import { journalName, preImagesName } from "../reserved";

/** What a sample holds of one collection. */
export interface Sampled {
  collection: string;
  /** How many documents the live one has, and how many came over. */
  live: number;
  sampled: number;
}

interface Sampling {
  from: DatabaseAddress;
  to: DatabaseAddress;
  /** Whose documents are copied; the others come as definitions. Null copies of all. */
  collections: string[] | null;
  documents: number;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

/** Copies definitions, journal and some documents of each affected collection; reads the live database only. */
export function copySample(sampling: Sampling): Promise<Sampled[]> {
  const { from, to, signal } = sampling;
  const trial = { appName: "dnd-trial", signal };
  return atDatabase(from, "migration", trial, ({ app: live }) =>
    atDatabase(to, "migration", trial, ({ app: scratch }) => copyAll(live, scratch, sampling)),
  );
}

async function copyAll(live: Db, scratch: Db, sampling: Sampling): Promise<Sampled[]> {
  const { collections, documents, progress, signal } = sampling;
  const sampled: Sampled[] = [];
  for (const info of await live.listCollections<CollectionInfo>({}).toArray()) {
    signal?.throwIfAborted();
    const { name, type, options = {} } = info;
    if (type !== "collection" || name.startsWith("system.") || isOfRestore(name)) continue;
    const { uuid: _uuid, ...settings } = options as CreateCollectionOptions & { uuid?: unknown };
    await scratch.createCollection(name, settings);
    await copyIndexes(live, scratch, name);
    const wanted = collections === null || collections.includes(name);
    if ((name !== journalName && !wanted) || name === preImagesName) continue;
    progress(`copying a sample of ${name}`);
    const count = await copyDocuments(live, scratch, name, name === journalName ? Infinity : documents);
    if (name !== journalName) {
      const total = await live.collection(name).estimatedDocumentCount();
      sampled.push({ collection: name, live: total, sampled: count });
    }
  }
  return sampled;
}

async function copyIndexes(live: Db, scratch: Db, name: string): Promise<void> {
  const indexes = (await live.collection(name).indexes()) as (IndexDescription & {
    v?: unknown;
    ns?: unknown;
  })[];
  const others = indexes
    .filter((index) => index.name !== "_id_")
    .map(({ v: _v, ns: _ns, ...index }) => index);
  if (others.length > 0) await scratch.collection(name).createIndexes(others);
}

async function copyDocuments(live: Db, scratch: Db, name: string, limit: number): Promise<number> {
  const total = await live.collection(name).estimatedDocumentCount();
  const found =
    total <= limit
      ? live.collection(name).find({}, { promoteValues: false })
      : live.collection(name).aggregate([{ $sample: { size: limit } }], { promoteValues: false });
  const documents: Document[] = await found.toArray();
  // Old documents may break a later validator, and a sample may hold one twice: both are there in the live one too, or harmless.
  const operations = documents.map((document) => ({
    replaceOne: { filter: { _id: document._id as never }, replacement: document, upsert: true },
  }));
  if (operations.length > 0) {
    await scratch.collection(name).bulkWrite(operations, { bypassDocumentValidation: true, ordered: false });
  }
  return scratch.collection(name).estimatedDocumentCount();
}
