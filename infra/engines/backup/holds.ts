import { openStore, type ArchiveStore } from "../../drivers/store";
import { loadManifest, type StorePlace } from "./catalog";
import type { Manifest } from "./manifest";
import { dropHold, holdOf, putHold, type ArchiveHold } from "./marks";
import { archiveName, manifestName } from "./names";
import { self } from "./prove";

/** A hold, and whether the store itself keeps everybody from deleting the archive. */
export interface PlacedHold extends ArchiveHold {
  lock: "set" | "none";
  /** Why the note beside the archive alone counts; null where there is a lock. */
  why: string | null;
}

/** Keeps retention from an archive, for a reason that is shown wherever it is listed; where the store has legal holds, everybody else too. */
export async function holdArchive(place: StorePlace, id: string, reason: string): Promise<PlacedHold> {
  const store = openStore(place);
  const manifest = await loadManifest(store, id);
  const hold = { since: new Date().toISOString(), by: self(), reason };
  await putHold(store, manifest, hold);
  const why = await setHolds(store, manifest, true);
  return { ...hold, lock: why === null ? "set" : "none", why };
}

/** Leaves an archive to retention again; undefined when nobody held it. */
export async function releaseHold(place: StorePlace, id: string): Promise<ArchiveHold | undefined> {
  const store = openStore(place);
  const manifest = await loadManifest(store, id);
  const hold = await holdOf(store, manifest);
  await setHolds(store, manifest, false);
  await dropHold(store, manifest);
  return hold;
}

/** Why there is no lock; null where there is one. */
async function setHolds(store: ArchiveStore, manifest: Manifest, on: boolean): Promise<string | null> {
  if (!store.setHold) return "the store has no legal holds";
  const archive = await store.setHold(archiveName(manifest), on);
  return archive ?? (await store.setHold(manifestName(manifest), on)) ?? null;
}
