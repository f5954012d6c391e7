import { randomBytes } from "node:crypto";
import type { MongoClient } from "mongodb";
import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { openStore, type ArchiveStore } from "../../drivers/store";
import type { CollectionHeader } from "./archive";
import { loadManifest, type StorePlace } from "./catalog";
import { RestoreTestError } from "./errors";
import { summaryOf, type ArchiveSummary, type Manifest } from "./manifest";
import { misfitsOf } from "./misfits";
import { restoreArchive } from "./restore";
import { differencesOf } from "./restored-copy";
import { verifiedPieces, type ReadOptions } from "./verify";

/** An archive that gives back what it holds, and what of that is against the database's own rules. */
export interface TestedArchive {
  archive: ArchiveSummary;
  /** A sentence for each collection with documents that its validator refuses. */
  misfits: string[];
}

/** Restores an archive into a database of its own, compares that with what the archive says, and drops it. */
export async function testRestore(
  place: StorePlace,
  id: string,
  server: DatabaseAddress,
  options: ReadOptions = {},
): Promise<TestedArchive> {
  const store = openStore(place, options.signal);
  const manifest = await loadManifest(store, id);
  const to = { ...server, name: `dnd_restore_test_${randomBytes(4).toString("hex")}` };
  const client = await connect(server, "migration", { signal: options.signal, appName: "dnd-restore-test" });
  try {
    await restoreArchive({ store, id, to, ...options });
    await compare(client, to.name, store, manifest, options);
    return {
      archive: summaryOf(manifest, store),
      misfits: await misfitsOf(client, to.name, options.signal),
    };
  } finally {
    await client.db(to.name).dropDatabase();
    await client.close();
  }
}

async function compare(
  client: MongoClient,
  database: string,
  store: ArchiveStore,
  manifest: Manifest,
  { progress, signal, keys }: ReadOptions,
): Promise<void> {
  progress?.(`comparing the restored copy of ${manifest.id}`);
  const headers = await headersOf(store, manifest, signal, keys);
  const differences = await differencesOf(client, database, manifest, headers, signal);
  if (differences.length > 0) throw new RestoreTestError(manifest.id, differences);
}

/** The archive itself begins with the options and indexes of all its collections. */
async function headersOf(
  store: ArchiveStore,
  manifest: Manifest,
  signal: AbortSignal | undefined,
  keys: ReadOptions["keys"],
): Promise<CollectionHeader[]> {
  for await (const piece of verifiedPieces(store, manifest, signal, keys))
    if (piece.kind === "collections") return piece.collections;
  return [];
}
