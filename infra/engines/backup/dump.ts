import type { ClientSession, Db, MongoClient } from "mongodb";
import type { Progress } from "../../support";
import { encodeNamespace, encodePrelude, terminator } from "./archive-format";
import { changedCollections, findCollections, type FoundCollection } from "./collections";
import { Crc64 } from "./crc64";
import { DatabaseChangedError } from "./errors";
import type { Manifest } from "./manifest";

/** What a dump tells of each collection and of the whole. */
export type Dumped = Pick<
  Manifest,
  "collections" | "documents" | "consistency" | "clusterTime" | "serverVersion"
>;

const blockDocumentBytes = 4 * 1024 * 1024;
const batchSize = 5000;

/** Writes a database as an archive: every collection as it was at one moment, its documents as the server has them. */
export async function dumpDatabase(
  client: MongoClient,
  database: string,
  write: (bytes: Uint8Array) => Promise<void>,
  { progress, signal }: { progress: Progress; signal?: AbortSignal | undefined },
): Promise<Dumped> {
  const db = client.db(database);
  const serverVersion = String((await db.command({ buildInfo: 1 })).version);
  const found = await findCollections(db);
  await write(
    encodePrelude(
      serverVersion,
      "dnd",
      found.map((one) => one.header),
    ),
  );
  const session = client.startSession({ snapshot: true });
  try {
    const collections: Manifest["collections"] = [];
    for (const one of found) {
      signal?.throwIfAborted();
      progress(`archiving ${database}.${one.name}`);
      collections.push(await dumpCollection(db, session, one, write, signal));
    }
    const changed = changedCollections(found, await findCollections(db));
    if (changed.length > 0) throw new DatabaseChangedError(database, changed);
    const snapshotTime = (session as { snapshotTime?: { toString(): string } }).snapshotTime;
    return {
      collections,
      documents: collections.reduce((sum, one) => sum + one.documents, 0),
      consistency: found.some((one) => one.capped) ? "best-effort" : "snapshot",
      clusterTime: snapshotTime?.toString() ?? null,
      serverVersion,
    };
  } finally {
    await session.endSession();
  }
}

async function dumpCollection(
  db: Db,
  session: ClientSession,
  one: FoundCollection,
  write: (bytes: Uint8Array) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<Manifest["collections"][number]> {
  const crc = new Crc64();
  const namespace = { db: db.databaseName, collection: one.source ?? one.name };
  let documents = 0;
  let bytes = 0;
  if (one.source !== null) {
    let block: Uint8Array[] = [];
    let blockBytes = 0;
    const flush = async () => {
      if (block.length === 0) return;
      await write(
        Buffer.concat([encodeNamespace({ ...namespace, EOF: false, CRC: 0n }), ...block, terminator]),
      );
      block = [];
      blockBytes = 0;
    };
    for await (const document of rawDocuments(db, one, session)) {
      signal?.throwIfAborted();
      crc.update(document);
      documents++;
      bytes += document.length;
      block.push(document);
      blockBytes += document.length;
      if (blockBytes >= blockDocumentBytes) await flush();
    }
    await flush();
    await write(Buffer.concat([encodeNamespace({ ...namespace, EOF: true, CRC: crc.value }), terminator]));
  }
  return { name: one.name, type: one.type, documents, bytes, crc64: crc.value.toString() };
}

/** The documents as bytes, never parsed. A capped collection cannot be read at a snapshot: it is read at a majority. */
function rawDocuments(db: Db, one: FoundCollection, session: ClientSession): AsyncIterable<Uint8Array> {
  const consistency = one.capped ? { readConcern: { level: "majority" as const } } : { session };
  const cursor = db.collection(one.source ?? one.name).find({}, { raw: true, batchSize, ...consistency });
  return cursor as unknown as AsyncIterable<Uint8Array>;
}
