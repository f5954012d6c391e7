import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { openStore, type ArchiveStore, type PendingObject } from "../../drivers/store";
import { silent, type Progress } from "../../support";
import { sweepLeftovers } from "./catalog";
import { dumpDatabase } from "./dump";
import { GzipBlocks } from "./gzip-blocks";
import { archiveName, manifestName, summaryOf, type ArchiveSummary, type Manifest } from "./manifest";
import { verifyArchive } from "./verify";

export interface BackupWanted {
  address: DatabaseAddress;
  store: string;
  environment: string;
  release: number | null;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** Takes an archive of a database and reads it again before calling it one. */
export async function takeBackup(wanted: BackupWanted): Promise<ArchiveSummary> {
  const { address, environment, release, progress = silent, signal } = wanted;
  const started = Date.now();
  const store = openStore(wanted.store);
  await sweepLeftovers(store, address.name);
  const id = newId(release);
  const pending = await store.create(archiveName({ database: address.name, id }));
  const client = await connect(address, "backup", signal ? { signal } : {});
  try {
    const file = new HashedObject(pending);
    const gzip = new GzipBlocks((block) => file.write(block));
    const dumped = await dumpDatabase(client, address.name, (bytes) => gzip.write(bytes), {
      progress,
      signal,
    });
    await gzip.end();
    const { sha256, bytes } = await file.end();
    const manifest: Manifest = {
      documentVersion: 1,
      id,
      environment,
      database: address.name,
      release,
      takenAt: new Date(started).toISOString(),
      compression: "gzip",
      ...dumped,
      bytes,
      sha256,
      durationMs: Date.now() - started,
    };
    await pending.commit();
    return await publish(store, manifest, progress);
  } catch (error) {
    await pending.abandon();
    throw error;
  } finally {
    await client.close();
  }
}

/** The manifest comes last: before it nobody can mistake the file for an archive. */
async function publish(store: ArchiveStore, manifest: Manifest, progress: Progress): Promise<ArchiveSummary> {
  const { database, id } = manifest;
  await store.put(manifestName(manifest), `${JSON.stringify(manifest, null, 1)}\n`);
  progress(`verifying ${id}`);
  try {
    await verifyArchive(store, database, id);
  } catch (error) {
    await store.delete(manifestName(manifest));
    await store.delete(archiveName(manifest));
    throw error;
  }
  return summaryOf(manifest, store.location, true);
}

function newId(release: number | null): string {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  return `${time}-${release === null ? "manual" : `r${release}`}-${randomBytes(2).toString("hex")}`;
}

/** Writes to a store and knows the SHA-256 of what it wrote. */
class HashedObject {
  readonly #hash = createHash("sha256");
  #bytes = 0;
  #failure: Error | undefined;

  constructor(private readonly pending: PendingObject) {
    pending.stream.on("error", (error) => (this.#failure = error));
  }

  async write(block: Buffer): Promise<void> {
    if (this.#failure) throw this.#failure;
    this.#hash.update(block);
    this.#bytes += block.length;
    if (!this.pending.stream.write(block))
      await Promise.race([once(this.pending.stream, "drain"), once(this.pending.stream, "close")]);
  }

  async end(): Promise<{ sha256: string; bytes: number }> {
    await new Promise<void>((resolve) => this.pending.stream.end(() => resolve()));
    if (this.#failure) throw this.#failure;
    return { sha256: this.#hash.digest("hex"), bytes: this.#bytes };
  }
}
