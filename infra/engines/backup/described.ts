import { openStore, type ArchiveStore, type ObjectLock } from "../../drivers/store";
import { listArchives, loadManifest, type ArchiveFilter, type StorePlace } from "./catalog";
import { latestArchive } from "./latest";
import type { ArchiveSummary, Manifest } from "./manifest";
import { holdOf, verificationsOf, type ArchiveHold, type ArchiveVerification } from "./marks";
import { archiveName, manifestName } from "./names";

/** An archive with what stands beside it. */
export interface ListedArchive extends ArchiveSummary {
  verifications: ArchiveVerification[];
  hold: ArchiveHold | null;
  /** Whether `latest` of its environment points to it. */
  latest: boolean;
}

/** An archive with everything that is known of it. */
export interface DescribedArchive {
  manifest: Manifest;
  verifications: ArchiveVerification[];
  hold: ArchiveHold | null;
  latest: boolean;
  /** What keeps each of its two objects from being deleted; null where nothing does, or the store has no locks. */
  locks: { archive: ObjectLock | null; manifest: ObjectLock | null };
}

/** The good archives of a store with their verifications and holds, newest first. */
export async function listDescribed(place: StorePlace, filter: ArchiveFilter = {}): Promise<ListedArchive[]> {
  const store = openStore(place);
  const archives = await listArchives(store, filter);
  return Promise.all(archives.map((one) => described(store, one)));
}

/** An archive of a store with what stands beside it there. */
export async function described(store: ArchiveStore, archive: ArchiveSummary): Promise<ListedArchive> {
  return {
    ...archive,
    verifications: await verificationsOf(store, archive),
    hold: (await holdOf(store, archive)) ?? null,
    latest: (await latestArchive(store, archive)) === archive.id,
  };
}

/** All that is known of one archive. */
export async function describeArchive(place: StorePlace, id: string): Promise<DescribedArchive> {
  const store = openStore(place);
  const manifest = await loadManifest(store, id);
  return {
    manifest,
    verifications: await verificationsOf(store, manifest),
    hold: (await holdOf(store, manifest)) ?? null,
    latest: (await latestArchive(store, manifest)) === id,
    locks: {
      archive: (await store.lockOf?.(archiveName(manifest))) ?? null,
      manifest: (await store.lockOf?.(manifestName(manifest))) ?? null,
    },
  };
}
