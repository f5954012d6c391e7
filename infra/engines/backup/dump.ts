import type { MongoClient } from "mongodb";
import { ArchiveWriter } from "./archive";
import { changedCollections, findCollections, type FoundCollection } from "./collections";
import { CollectionsChangedError } from "./errors";
import type { Manifest } from "./manifest";
import { rawBatches, type Source } from "./raw-batches";
import type { ByteProgress } from "./byte-progress";
import { takeSnapshot } from "./snapshot";

/** What a dump tells of each collection and of the whole. */
export type Dumped = Pick<
  Manifest,
  "collections" | "documents" | "consistency" | "clusterTime" | "serverVersion"
>;

type DumpedCollection = Manifest["collections"][number];

const toolVersion = "dnd-tracker";

/** Writes a database as an archive: every collection as it was at one moment, its documents as the server has them. */
export async function dumpDatabase(
  client: MongoClient,
  database: string,
  out: (bytes: Uint8Array) => Promise<void>,
  { progress, signal }: { progress: ByteProgress; signal?: AbortSignal | undefined },
): Promise<Dumped> {
  // Without it the driver would ask for a newer moment with each command.
  const session = client.startSession({ causalConsistency: false });
  const source: Source = { db: client.db(database), session, signal };
  try {
    const serverVersion = String((await source.db.command({ buildInfo: 1 })).version);
    const found = await findCollections(source);
    const snapshot = await takeSnapshot(source, found);
    const archive = new ArchiveWriter(out);
    const headers = found.map((one) => one.header);
    await archive.begin({ serverVersion, toolVersion }, headers);
    const collections: DumpedCollection[] = [];
    for (const one of cappedLast(found)) {
      progress.at(one.name);
      const readConcern = snapshot.readConcernOf(one);
      collections.push(await dumpCollection(source, one, readConcern, archive, progress));
    }
    const changed = changedCollections(found, await findCollections(source));
    if (changed.length > 0) throw new CollectionsChangedError(database, changed);
    await archive.end();
    const { consistency, clusterTime } = snapshot;
    return {
      serverVersion,
      consistency,
      clusterTime: clusterTime && { t: clusterTime.t, i: clusterTime.i },
      documents: collections.reduce((sum, one) => sum + one.documents, 0),
      collections,
    };
  } finally {
    await session.endSession();
  }
}

async function dumpCollection(
  source: Source,
  { name, type, uuid, data }: FoundCollection,
  readConcern: object,
  archive: ArchiveWriter,
  progress: ByteProgress,
): Promise<DumpedCollection> {
  const described = { name, type, uuid };
  if (data === undefined) return { ...described, documents: 0, bytes: 0, crc64: "0" };
  const everything = { find: data, filter: {}, batchSize: 1000, readConcern };
  const namespace = { db: source.db.databaseName, collection: data };
  const written = await archive.collection(namespace, rawBatches(source, everything), progress.add);
  return { ...described, documents: written.documents, bytes: written.bytes, crc64: String(written.crc64) };
}

/** They are read as they are by then: the later, the less the others wait for that moment. */
function cappedLast(found: readonly FoundCollection[]): FoundCollection[] {
  return [...found.filter((one) => !one.capped), ...found.filter((one) => one.capped)];
}
