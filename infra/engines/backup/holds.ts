import { openStore } from "../../drivers/store";
import { loadManifest, type StorePlace } from "./catalog";
import { dropHold, holdOf, putHold, type ArchiveHold } from "./marks";
import { self } from "./prove";

/** Keeps retention from an archive, for a reason that is shown wherever it is listed. */
export async function holdArchive(place: StorePlace, id: string, reason: string): Promise<ArchiveHold> {
  const store = openStore(place);
  const { database } = await loadManifest(store, id);
  const hold = { since: new Date().toISOString(), by: self(), reason };
  await putHold(store, { database, id }, hold);
  return hold;
}

/** Leaves an archive to retention again; undefined when nobody held it. */
export async function releaseHold(place: StorePlace, id: string): Promise<ArchiveHold | undefined> {
  const store = openStore(place);
  const { database } = await loadManifest(store, id);
  const hold = await holdOf(store, { database, id });
  await dropHold(store, { database, id });
  return hold;
}
