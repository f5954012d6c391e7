import { BSON, type Db, type Document } from "mongodb";
import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { openStore } from "../../drivers/store";
import { silent, type Progress } from "../../support";
import type { CollectionHeader } from "./archive-format";
import { DatabaseNotEmptyError } from "./errors";
import type { Manifest } from "./manifest";
import { verifiedPieces, verifyArchive } from "./verify";

export interface RestoreWanted {
  store: string;
  /** The database that the archive was taken of. */
  database: string;
  id: string;
  to: DatabaseAddress;
  /** Collections that stand where the archive's shall be are dropped first. */
  drop?: boolean;
  /** Reads and checks everything, and writes nothing. */
  dryRun?: boolean;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

export interface Restored {
  documents: number;
  collections: string[];
  written: boolean;
}

interface Metadata {
  options: Document;
  indexes: Document[];
}

const batchBytes = 8 * 1024 * 1024;

/** Puts an archive into a database; it is read to its end before anything is touched. */
export async function restoreArchive(wanted: RestoreWanted): Promise<Restored> {
  const { to, progress = silent, signal } = wanted;
  const store = openStore(wanted.store);
  progress(`checking ${wanted.id}`);
  const manifest = await verifyArchive(store, wanted.database, wanted.id);
  const restored = {
    documents: manifest.documents,
    collections: manifest.collections.map((one) => one.name),
  };
  const client = await connect(to, "migration", signal ? { signal } : {});
  try {
    const db = client.db(to.name);
    const standing = await standingCollections(db, manifest);
    if (standing.length > 0 && !wanted.drop && !wanted.dryRun)
      throw new DatabaseNotEmptyError(to.name, standing);
    if (wanted.dryRun) return { ...restored, written: false };
    for (const name of standing) await db.dropCollection(name);
    await write(db, verifiedPieces(store, manifest), progress, signal);
    return { ...restored, written: true };
  } finally {
    await client.close();
  }
}

async function standingCollections(db: Db, manifest: Manifest): Promise<string[]> {
  const wanted = new Set(manifest.collections.map((one) => one.name));
  const listed = await db.listCollections({}, { nameOnly: true }).toArray();
  return listed.map(({ name }) => name).filter((name) => wanted.has(name));
}

async function write(
  db: Db,
  pieces: ReturnType<typeof verifiedPieces>,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  let headers: CollectionHeader[] = [];
  const batch = new Batch(db);
  for await (const piece of pieces) {
    signal?.throwIfAborted();
    if (piece.kind === "collections") {
      headers = piece.collections;
      for (const one of headers) if (one.type !== "view") await createCollection(db, one);
    } else if (piece.kind === "document") await batch.add(piece.collection, piece.bytes);
    else {
      progress(`restored ${piece.collection}: ${piece.documents} documents`);
      await batch.flush();
    }
  }
  for (const one of headers) if (one.type !== "view") await createIndexes(db, one);
  for (const one of headers) if (one.type === "view") await createCollection(db, one);
}

const metadataOf = (header: CollectionHeader) =>
  BSON.EJSON.parse(header.metadata, { relaxed: false }) as unknown as Metadata;

async function createCollection(db: Db, header: CollectionHeader): Promise<void> {
  await db.command({ create: header.collection, ...metadataOf(header).options });
}

async function createIndexes(db: Db, header: CollectionHeader): Promise<void> {
  const { indexes } = metadataOf(header);
  const wanted = indexes
    .filter((index) => index.name !== "_id_" && index.clustered !== true)
    .map(({ ns, ...index }) => ({ ...index, ...(ns ? {} : {}) }));
  if (wanted.length > 0) await db.command({ createIndexes: header.collection, indexes: wanted });
}

/** Documents of one collection on their way into it, exactly as they were. */
class Batch {
  #documents: Buffer[] = [];
  #bytes = 0;
  #collection = "";

  constructor(private readonly db: Db) {}

  async add(collection: string, bytes: Buffer): Promise<void> {
    if (
      collection !== this.#collection ||
      this.#bytes + bytes.length > batchBytes ||
      this.#documents.length >= 5000
    )
      await this.flush();
    this.#collection = collection;
    this.#documents.push(bytes);
    this.#bytes += bytes.length;
  }

  /** Sent past the validators: what the server had, it gets back. */
  async flush(): Promise<void> {
    if (this.#documents.length === 0) return;
    const documents = this.#documents.map((bytes) => BSON.deserialize(bytes, exact));
    this.#documents = [];
    this.#bytes = 0;
    const command = { insert: this.#collection, documents, ordered: true, bypassDocumentValidation: true };
    const answer = await this.db.command(command, { ignoreUndefined: false });
    const [failed] = (answer.writeErrors ?? []) as { errmsg: string }[];
    if (failed) throw new Error(failed.errmsg);
  }
}

/** Every type stays what it was: nothing is promoted to a number or a string of JavaScript. */
const exact = { promoteValues: false, promoteLongs: false, promoteBuffers: false, bsonRegExp: true };
