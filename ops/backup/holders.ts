import type { StorePlace } from "../../infra/engines/backup";
import { messageOf } from "../../infra/support";
import { engine } from "./engine";
import type { BackupPlace } from "./place";

/** The stores that have an archive, the one it was found in first, and those nobody could look into. */
export interface Holders {
  id: string;
  holders: { store: StorePlace; location: string }[];
  unread: { store: string; problem: string }[];
}

/** Of an archive that was found in a store of the list, all others of the list that have it, too. */
export async function holdersOf(
  { store, id }: { store: StorePlace; id: string },
  place: Pick<BackupPlace, "store" | "copies">,
): Promise<Holders> {
  const listed = [place.store, ...place.copies];
  const located = (one: StorePlace) => (typeof one === "string" ? one : one.location);
  const found: Holders = { id, holders: [{ store, location: located(store) }], unread: [] };
  if (!listed.some((one) => one === store)) return found;
  for (const other of listed.filter((one) => one !== store))
    try {
      if (await engine().findArchive(other, id)) found.holders.push({ store: other, location: other });
    } catch (error) {
      found.unread.push({ store: other, problem: messageOf(error).split("\n")[0] ?? "" });
    }
  return found;
}
