import { connect } from "../../drivers/mongo";
import { describeArchive } from "./described";
import { openArchive } from "./restore/source";
import { restoreArchive, type Restored, type RestoreWanted } from "./restore";
import type { StorePlace } from "./catalog";

/** Collections of a database, and the archive that they come back from. */
export type CollectionsWanted = Pick<RestoreWanted, "to" | "keys" | "progress" | "signal" | "dryRun"> & {
  store: StorePlace;
  id: string;
  collections: readonly string[];
};

/** Throws where an archive is not there or these keys do not open it: what counts on it must not begin. */
export async function requireRestorable(
  wanted: Pick<CollectionsWanted, "store" | "id" | "keys" | "signal">,
): Promise<void> {
  const pieces = (await openArchive(wanted, wanted.keys)).pieces(wanted.signal);
  await pieces.next();
  await pieces.return(undefined);
}

/** Puts collections back as an archive has them, and drops those that it does not have; no other one is touched. */
export async function restoreCollections(
  wanted: CollectionsWanted,
): Promise<Pick<Restored, "collections" | "dropped" | "undoable">> {
  const { store, id, collections, to, signal, ...rest } = wanted;
  const { manifest } = await describeArchive(store, id);
  const kept = new Set(manifest.collections.map(({ name }) => name));
  const there = collections.filter((name) => kept.has(name));
  const absent = collections.filter((name) => !kept.has(name));
  const include = there.map((name) => `${manifest.database}.${name}`);
  const { dropped, undoable } =
    there.length > 0
      ? await restoreArchive({ store, id, to, signal, ...rest, drop: true, namespaces: { include } })
      : { dropped: [], undoable: false };
  if (wanted.dryRun || absent.length === 0) return { collections: there, dropped, undoable };
  const client = await connect(to, "migration", { signal, appName: "dnd-restore" });
  try {
    for (const name of absent) await client.db(to.name).dropCollection(name);
  } finally {
    await client.close();
  }
  return { collections: there, dropped: [...dropped, ...absent], undoable };
}
