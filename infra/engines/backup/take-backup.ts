import type { MongoClient } from "mongodb";
import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { openStore, type ArchiveStore } from "../../drivers/store";
import { retry, silent, type Progress } from "../../support";
import { ByteProgress } from "./byte-progress";
import type { StorePlace } from "./catalog";
import { dumpDatabase } from "./dump";
import { estimateWith } from "./estimate";
import { HashedObject } from "./hashed-object";
import { claimArchive, sweepLeftovers } from "./leftovers";
import { summaryOf, type ArchiveSummary, type Manifest } from "./manifest";
import { archiveName, claimName, manifestName, newId } from "./names";
import { dumpFailure, isPassing } from "./server-failures";
import { checkArchive } from "./verify";

export interface BackupWanted {
  address: DatabaseAddress;
  store: StorePlace;
  environment: string;
  release: number | null;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** Takes an archive of a database and reads it again before calling it one. */
export async function takeBackup(wanted: BackupWanted): Promise<ArchiveSummary> {
  const { address, signal } = wanted;
  const store = openStore(wanted.store);
  await sweepLeftovers(store, address.name);
  const client = await connect(address, "backup", { signal, appName: "dnd-backup" });
  try {
    const attempts = { attempts: 3, firstDelayMs: 500, retryable: isPassing, signal };
    return await retry(() => makeArchive(client, store, wanted), attempts);
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
  wanted: BackupWanted,
): Promise<ArchiveSummary> {
  const { address, release, progress, signal } = wanted;
  const named = { database: address.name, id: newId(release, new Date()) };
  await claimArchive(store, named);
  try {
    const manifest = await writeArchive(client, store, wanted, named.id);
    await checkArchive(store, manifest, { progress, signal });
    manifest.verifiedAt = new Date().toISOString();
    await store.put(manifestName(named), `${JSON.stringify(manifest, null, 1)}\n`);
    return summaryOf(manifest, store.location);
  } catch (error) {
    await store.delete(archiveName(named)).catch(() => undefined);
    throw error;
  } finally {
    // Should it stay, the next run sees whose it was and removes it.
    await store.delete(claimName(named)).catch(() => undefined);
  }
}

async function writeArchive(
  client: MongoClient,
  store: ArchiveStore,
  { address, environment, release, progress = silent, signal }: BackupWanted,
  id: string,
): Promise<Manifest> {
  const started = new Date();
  const database = address.name;
  const expected = await estimateWith(client, database);
  const file = new HashedObject(await store.create(archiveName({ database, id })));
  try {
    const dumped = await dumpDatabase(client, database, (bytes) => file.write(bytes), {
      progress: new ByteProgress(progress, "archiving", expected.bytes),
      signal,
    });
    const written = await file.commit();
    return {
      documentVersion: 1,
      id,
      environment,
      database,
      release,
      takenAt: started.toISOString(),
      compression: "gzip",
      ...dumped,
      ...written,
      verifiedAt: started.toISOString(),
      durationMs: Date.now() - started.getTime(),
    };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}
