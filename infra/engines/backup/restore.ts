import { ObjectId, type Db } from "mongodb";
import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { openStore, type ArchiveStore } from "../../drivers/store";
import { silent, type Progress } from "../../support";
import { dataNameOf, type CollectionHeader } from "./archive";
import { ByteProgress } from "./byte-progress";
import { loadManifest, type StorePlace } from "./catalog";
import { isOwnCollection } from "./names";
import { DatabaseNotEmptyError, RestoreIncompleteError, RestoreNotPermittedError } from "./errors";
import type { Manifest } from "./manifest";
import { isUnauthorized } from "./server-failures";
import { RestoredCollections } from "./restored-collections";
import { checkArchive, verifiedPieces } from "./verify";

export interface RestoreWanted {
  store: StorePlace;
  id: string;
  to: DatabaseAddress;
  /** Everything that stands in the database is dropped first: afterwards it is as the archive, no more and no less. */
  drop?: boolean;
  /** Reads and checks everything, says what would be done, and writes nothing. */
  dryRun?: boolean;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

export interface Restored {
  documents: number;
  /** What the archive puts there. */
  collections: string[];
  /** What stood there and was, or would be, dropped. */
  dropped: string[];
  written: boolean;
}

/** Puts an archive into a database; it is read to its end before anything is touched. */
export async function restoreArchive(wanted: RestoreWanted): Promise<Restored> {
  const { to, drop = false, dryRun = false, progress = silent, signal } = wanted;
  const store = openStore(wanted.store);
  const manifest = await loadManifest(store, wanted.id);
  await checkArchive(store, manifest, { progress, signal });
  const client = await connect(to, "migration", { signal, appName: "dnd-restore" });
  try {
    const db = client.db(to.name);
    const standing = await standingCollections(db);
    if (standing.length > 0 && !drop && !dryRun) throw new DatabaseNotEmptyError(to.name, standing);
    await refuseWithoutRights(db, manifest);
    if (!dryRun) await replace(db, standing, store, manifest, { progress, signal });
    return {
      documents: manifest.documents,
      collections: manifest.collections.map((one) => one.name),
      dropped: standing,
      written: !dryRun,
    };
  } finally {
    await client.close();
  }
}

async function standingCollections(db: Db): Promise<string[]> {
  const listed = await db.listCollections({}, { nameOnly: true }).toArray();
  return listed.map(({ name }) => name).filter(isOwnCollection);
}

/** The role readWrite leaves out the buckets of time series: an update of nothing shows whether they may be written. */
async function refuseWithoutRights(db: Db, { collections }: Manifest): Promise<void> {
  for (const one of collections.filter(({ type }) => type === "timeseries")) {
    const update = dataNameOf(one) ?? one.name;
    const nothing = { q: { _id: new ObjectId() }, u: { $unset: { nothing: 1 } } };
    try {
      await db.command({ update, updates: [nothing] });
    } catch (error) {
      if (isUnauthorized(error)) throw new RestoreNotPermittedError(db.databaseName, update, error);
      throw error;
    }
  }
}

/** From its first step to its last the database is neither the old one nor the new: a failure in between says so. */
async function replace(
  db: Db,
  standing: readonly string[],
  store: ArchiveStore,
  manifest: Manifest,
  { progress, signal }: { progress: Progress; signal: AbortSignal | undefined },
): Promise<void> {
  signal?.throwIfAborted();
  try {
    for (const name of standing) await remove(db, name);
    await write(db, store, manifest, progress, signal);
  } catch (error) {
    throw new RestoreIncompleteError(db.databaseName, manifest.id, error);
  }
}

/** The server lets nobody drop `system.js`, but everybody who may write there empty it. */
async function remove(db: Db, name: string): Promise<void> {
  if (name.startsWith("system.")) await db.collection(name).deleteMany({});
  else await db.dropCollection(name);
}

async function write(
  db: Db,
  store: ArchiveStore,
  manifest: Manifest,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const total = manifest.collections.reduce((sum, one) => sum + one.bytes, 0);
  const told = new ByteProgress(progress, "restoring", total);
  const restored = new RestoredCollections(db);
  let headers: CollectionHeader[] = [];
  for await (const piece of verifiedPieces(store, manifest, signal)) {
    if (piece.kind === "collections") {
      headers = piece.collections;
      await restored.create(headers.filter((one) => one.type !== "view"));
    } else if (piece.kind === "documents") {
      await restored.add(piece.collection, piece);
      told.add(piece.bytes.length);
    } else {
      await restored.flush();
      told.at(piece.collection);
    }
  }
  for (const one of headers.filter(({ type }) => type !== "view")) {
    signal?.throwIfAborted();
    progress(`building the indexes of ${one.collection}`);
    await restored.createIndexes(one);
  }
  await restored.create(headers.filter((one) => one.type === "view"));
}
