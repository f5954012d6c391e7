import { openStore, type ArchiveStore } from "../../../drivers/store";
import { messageOf, type Progress } from "../../../support";
import { findArchive, listArchives, type ArchiveFilter, type StorePlace } from "../catalog";
import { ArchiveMissingError } from "../errors";
import { verificationsOf } from "../marks";
import { copyArchive } from "./copy-archive";

export interface CopiesWanted {
  /** Archives are made in the first; copies go to the others. */
  stores: readonly StorePlace[];
  /** This archive alone, from whichever store has it; else every good one of the first store. */
  id?: string | undefined;
  /** Where to; to all stores unless said otherwise. */
  to?: StorePlace | undefined;
  filter?: ArchiveFilter | undefined;
  /** Hears of each copy that could not be made. */
  warn?: ((message: string) => void) | undefined;
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

/** What became of the copy of an archive in one store. */
export interface ArchiveCopy {
  id: string;
  store: string;
  outcome: "copied" | "there" | "failed";
  /** What was wrong; null when nothing was. */
  problem: string | null;
  at: string;
}

/** Makes the copies that are missing; one that fails is told and stops none of the others. */
export async function copyArchives(wanted: CopiesWanted): Promise<ArchiveCopy[]> {
  const stores = wanted.stores.map((place) => openStore(place, wanted.signal));
  const [first] = stores;
  if (first === undefined) return [];
  const { from, ids } = await sourceOf(first, stores, wanted);
  const targets = wanted.to === undefined ? stores : [targetOf(stores, wanted.to, wanted.signal)];
  const made: ArchiveCopy[] = [];
  for (const id of ids)
    for (const to of targets.filter((store) => store !== from))
      made.push(await copyOne(from, to, id, wanted));
  return made;
}

/** A store of the list that was named again is the same one. */
function targetOf(
  stores: readonly ArchiveStore[],
  place: StorePlace,
  signal: AbortSignal | undefined,
): ArchiveStore {
  const opened = openStore(place, signal);
  if (typeof place !== "string") return opened;
  return stores.find(({ location }) => location === opened.location) ?? opened;
}

async function sourceOf(
  first: ArchiveStore,
  stores: readonly ArchiveStore[],
  { id, filter }: CopiesWanted,
): Promise<{ from: ArchiveStore; ids: string[] }> {
  if (id !== undefined) return { from: await holderOf(stores, id), ids: [id] };
  const ids: string[] = [];
  for (const archive of await listArchives(first, filter)) {
    const last = (await verificationsOf(first, archive)).at(-1);
    if (last?.ok ?? true) ids.push(archive.id);
  }
  return { from: first, ids };
}

/** A store that cannot be read may have it as well: why is told only where no other one has it. */
async function holderOf(stores: readonly ArchiveStore[], id: string): Promise<ArchiveStore> {
  let failure: unknown;
  for (const store of stores)
    try {
      if (await findArchive(store, id)) return store;
    } catch (error) {
      failure ??= error;
    }
  throw failure ?? new ArchiveMissingError(id, stores.map(({ location }) => location).join(" and "));
}

async function copyOne(
  from: ArchiveStore,
  to: ArchiveStore,
  id: string,
  { progress, signal, warn }: CopiesWanted,
): Promise<ArchiveCopy> {
  const told = (outcome: ArchiveCopy["outcome"], problem: string | null): ArchiveCopy => ({
    id,
    store: to.location,
    outcome,
    problem,
    at: new Date().toISOString(),
  });
  try {
    return told(await copyArchive({ from, to, id, progress, signal }), null);
  } catch (error) {
    // Whoever interrupts wants an end, not the next copy.
    signal?.throwIfAborted();
    const problem = messageOf(error).split("\n")[0] ?? "";
    warn?.(`the archive ${id} has NO COPY in ${to.location}: ${problem}`);
    return told("failed", problem);
  }
}
