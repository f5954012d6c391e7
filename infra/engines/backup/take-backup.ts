import type { MongoClient } from "mongodb";
import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { openStore, type ArchiveStore } from "../../drivers/store";
import { messageOf, retry, silent, type Progress } from "../../support";
import { ByteProgress } from "./byte-progress";
import type { StorePlace } from "./catalog";
import { compressingSink, compressionOf, type CompressionPreset } from "./archive";
import { dumpDatabase, serverVersions } from "./dump";
import {
  encryptingSink,
  encryptionOf,
  type ArchiveEncryption,
  type DecryptionKeys,
  type EncryptedSink,
  type EncryptionWanted,
} from "./encryption";
import { estimateWith } from "./estimate";
import { HashedObject } from "./hashed-object";
import { claimArchive, sweepLeftovers } from "./leftovers";
import { pointLatest } from "./latest";
import { summaryOf, type ArchiveSummary, type Manifest } from "./manifest";
import { archiveName, claimName, newId } from "./names";
import { begunSnapshot, type SnapshotStarter } from "./provider-snapshot";
import { lockArchive, originOf, publish } from "./publish";
import { dumpFailure, isFailover, isPassing, isSnapshotLost } from "./server-failures";
import { throughShortLivedBytes } from "./short-lived-bytes";
import { snapshotWindowMs } from "./snapshot";
import { checkArchive } from "./verify";
import { WindowWarning } from "./window-warning";

export interface BackupWanted {
  address: DatabaseAddress;
  store: StorePlace;
  environment: string;
  release: number | null;
  /** "default" unless said otherwise. */
  preset?: CompressionPreset | undefined;
  /** Refuses where not all collections can be read as they were at one moment. */
  strict?: boolean | undefined;
  /** Bytes of documents in a second that are read at most, so that the server keeps time for others. */
  limitRate?: number | undefined;
  /** For whom it is encrypted; for nobody unless said otherwise. */
  encryption?: EncryptionWanted | undefined;
  /** The users and roles of the database, too. */
  usersAndRoles?: boolean | undefined;
  /** Begins the provider's own snapshot, whose id stands in the manifest; nobody waits for its end. */
  startSnapshot?: SnapshotStarter | undefined;
  /** Hears what may go wrong later; told as progress unless somebody listens. */
  warn?: ((message: string) => void) | undefined;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** What all attempts at one archive share. */
interface Attempted extends BackupWanted {
  /** The id of the provider's snapshot that was begun beside it. */
  snapshot: Promise<string | null>;
}

/** Takes an archive of a database and reads it again before calling it one. */
export async function takeBackup(wanted: BackupWanted): Promise<ArchiveSummary> {
  const { address, signal } = wanted;
  const store = openStore(wanted.store, signal);
  await sweepLeftovers(store, address.name);
  const client = await connect(address, "backup", { signal, appName: "dnd-backup" });
  try {
    const { startSnapshot, progress, warn = progress } = wanted;
    const attempted = { ...wanted, snapshot: begunSnapshot(startSnapshot, { warn, signal }) };
    const attempts = { attempts: 3, firstDelayMs: 500, signal };
    const once = (asItComes: boolean) =>
      retry(() => throughShortLivedBytes(() => makeArchive(client, store, attempted, asItComes)), {
        ...attempts,
        retryable: isPassing,
      });
    // An election takes longer than a connection waits for its end.
    const take = (asItComes: boolean) => retry(() => once(asItComes), { ...attempts, retryable: isFailover });
    return await take(false).catch((error: unknown) => {
      if (wanted.strict || !isSnapshotLost(error)) throw error;
      wanted.progress?.("the server kept its snapshot too short: reading again, of no single moment");
      return take(true);
    });
  } catch (error) {
    throw dumpFailure(error, address.name);
  } finally {
    await client.close();
  }
}

/** The manifest comes last, when the archive was read again: before it nobody can mistake the file for an archive. */
async function makeArchive(
  client: MongoClient,
  store: ArchiveStore,
  wanted: Attempted,
  asItComes: boolean,
): Promise<ArchiveSummary> {
  const { address, release, progress, signal, preset = "default" } = wanted;
  const named = { database: address.name, id: newId(release, new Date()) };
  const encryption = wanted.encryption ? await encryptionOf(wanted.encryption) : null;
  const stored = archiveName({ ...named, compression: compressionOf(preset), encryption });
  await claimArchive(store, named);
  try {
    const { manifest, keys } = await writeArchive(client, store, wanted, {
      id: named.id,
      stored,
      encryption,
      asItComes,
    });
    await checkArchive(store, manifest, { progress, signal, keys });
    manifest.verifiedAt = new Date().toISOString();
    await publish(store, manifest, { once: true });
    await adorn(store, manifest, wanted.warn ?? progress ?? silent);
    return summaryOf(manifest, store);
  } catch (error) {
    await store.delete(stored).catch(() => undefined);
    throw error;
  } finally {
    // Should it stay, the next run sees whose it was and removes it.
    await store.delete(claimName(named)).catch(() => undefined);
  }
}

/** There is an archive by now, whatever becomes of its second name and its lock. */
async function adorn(store: ArchiveStore, manifest: Manifest, warn: Progress): Promise<void> {
  await pointLatest(store, manifest).catch((error: unknown) =>
    warn(`latest could not be changed: ${messageOf(error)}`),
  );
  const unlocked = await lockArchive(store, manifest).catch(messageOf);
  if (unlocked !== undefined)
    warn(`the archive ${manifest.id} is not locked in ${store.location}: ${unlocked}`);
}

interface Planned {
  id: string;
  stored: string;
  encryption: ArchiveEncryption | null;
  asItComes: boolean;
}

async function writeArchive(
  client: MongoClient,
  store: ArchiveStore,
  wanted: Attempted,
  { id, stored, encryption, asItComes }: Planned,
): Promise<{ manifest: Manifest; keys: DecryptionKeys | undefined }> {
  const started = new Date();
  const { address, environment, release, preset = "default", signal } = wanted;
  const { bytes } = await estimateWith(client, address.name);
  const told = await watched(client, wanted, bytes);
  const { serverVersion } = await serverVersions(client);
  const takenAt = started.toISOString();
  const metadata = originOf({ environment, database: address.name, release, takenAt, serverVersion });
  const file = new HashedObject(await store.create(stored, { once: true, metadata, bytes }));
  let encrypted: EncryptedSink | undefined;
  try {
    encrypted = wanted.encryption && (await encryptingSink(file, wanted.encryption));
    const sink = compressingSink(encrypted ?? file, preset);
    const dumped = await dumpDatabase(client, address.name, sink, {
      strict: wanted.strict ?? false,
      asItComes,
      usersAndRoles: wanted.usersAndRoles ?? false,
      expectedBytes: bytes,
      limitRate: wanted.limitRate,
      progress: told,
      signal,
    });
    const written = await file.commit();
    const manifest: Manifest = {
      documentVersion: 1,
      id,
      environment,
      database: address.name,
      release,
      takenAt,
      compression: compressionOf(preset),
      preset,
      encryption,
      atlasSnapshot: await wanted.snapshot,
      ...dumped,
      ...written,
      verifiedAt: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
    };
    const keys = encrypted && { identities: [], archiveKey: encrypted.archiveKey };
    return { manifest, keys };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

/** Tells how far a dump is, and warns while there is time when it takes too long for one moment. */
async function watched(
  client: MongoClient,
  { progress = silent, warn = progress, limitRate }: BackupWanted,
  bytes: number,
): Promise<Pick<ByteProgress, "at" | "add">> {
  const told = new ByteProgress(progress, "archiving", bytes);
  const windowMs = await snapshotWindowMs(client);
  const warning = new WindowWarning({ bytes, windowMs, limitRate }, warn);
  return {
    at: (name) => told.at(name),
    add: (read) => {
      told.add(read);
      warning.add(read);
    },
  };
}
