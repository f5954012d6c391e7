import type { MongoClient } from "mongodb";
import { ArchiveWriter, SummingThread, type ByteSink } from "./archive";
import type { ByteProgress } from "./byte-progress";
import { changedCollections, findCollections } from "./collections";
import { CollectionsChangedError } from "./errors";
import type { Manifest } from "./manifest";
import type { Source } from "./raw-batches";
import { readCollections, readersAtOnce, type Read } from "./read-collections";
import { refuseHalfRestored } from "./restore/state";
import { takeSnapshot, type SnapshotWanted } from "./snapshot";
import { adminParts } from "./users-and-roles";

/** What a dump tells of each collection and of the whole. */
export type Dumped = Pick<
  Manifest,
  | "collections"
  | "documents"
  | "consistency"
  | "consistentAt"
  | "window"
  | "serverVersion"
  | "featureCompatibilityVersion"
  | "toolVersion"
  | "usersAndRoles"
>;

export interface DumpWanted extends SnapshotWanted {
  /** The users and roles of the database, too; the user for backups must be able to read them. */
  usersAndRoles: boolean;
  /** About so much there is to read. */
  expectedBytes: number;
  /** Bytes of documents in a second; undefined: as fast as it goes. */
  limitRate: number | undefined;
  progress: Pick<ByteProgress, "at" | "add">;
  signal: AbortSignal | undefined;
}

/** A thread of its own takes longer to start than to sum up less than this. */
const worthAThread = 32 * 1024 * 1024;

export const toolVersion = "dnd-tracker";

/** Writes a database as an archive: every collection as it was at one moment, its documents as the server has them. */
export async function dumpDatabase(
  client: MongoClient,
  database: string,
  out: ByteSink,
  wanted: DumpWanted,
): Promise<Dumped> {
  // Without it the driver would ask for a newer moment with each command.
  const session = client.startSession({ causalConsistency: false });
  const source: Source = { db: client.db(database), session, signal: wanted.signal };
  const thread = wanted.expectedBytes < worthAThread ? undefined : new SummingThread();
  try {
    const server = await serverVersions(client);
    const found = await findCollections(source);
    await refuseHalfRestored(source.db);
    const snapshot = await takeSnapshot(source, found, wanted);
    const admin = wanted.usersAndRoles ? adminParts(database) : [];
    const archive = new ArchiveWriter(out, readersAtOnce, thread && (() => thread.collection()));
    const headers = [...found, ...admin.map((part) => part.collection)].map((one) => one.header);
    await archive.begin({ serverVersion: server.serverVersion, toolVersion }, headers);
    const read: Read[] = [
      ...found.map((collection) => ({ collection, readConcern: snapshot.readConcernOf(collection) })),
      ...admin.map((part) => ({ ...part, readConcern: { level: "local" } })),
    ];
    const collections = await readCollections(client, database, archive, read, wanted);
    const consistency = await snapshot.finish();
    const changed = changedCollections(found, await findCollections(source));
    if (changed.length > 0) throw new CollectionsChangedError(database, changed);
    await refuseHalfRestored(source.db);
    await archive.end();
    const documents = collections.reduce((sum, one) => sum + one.documents, 0);
    const { usersAndRoles } = wanted;
    return { ...server, ...consistency, toolVersion, usersAndRoles, documents, collections };
  } finally {
    await Promise.all([session.endSession(), thread?.close()]);
  }
}

/** What the server says of itself. */
export async function serverVersions(
  client: MongoClient,
): Promise<Pick<Manifest, "serverVersion" | "featureCompatibilityVersion">> {
  const admin = client.db("admin");
  const parameter = "featureCompatibilityVersion";
  const [{ version }, answer] = await Promise.all([
    admin.command({ buildInfo: 1 }),
    // It is good to know, and nothing that every user may ask.
    admin.command({ getParameter: 1, [parameter]: 1 }).catch(() => undefined),
  ]);
  const compatible = (answer?.[parameter] as { version?: string } | undefined)?.version ?? null;
  return { serverVersion: String(version), featureCompatibilityVersion: compatible };
}
