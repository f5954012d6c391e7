import { openStore, type ArchiveStore } from "../../../drivers/store";
import { messageOf, OperatorError, type Progress } from "../../../support";
import { findArchive, listArchives, type ArchiveFilter, type StorePlace } from "../catalog";
import { ArchiveMissingError } from "../errors";
import type { ArchiveSummary } from "../manifest";
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
  const { from, archives } = await sourceOf(first, stores, wanted);
  const targets = wanted.to === undefined ? stores : [targetOf(stores, wanted.to, wanted.signal)];
  const made: ArchiveCopy[] = [];
  for (const to of targets.filter((store) => store !== from))
    made.push(...(await copyInto(from, to, archives, wanted)));
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

type Source = Pick<ArchiveSummary, "id" | "sha256">;

async function sourceOf(
  first: ArchiveStore,
  stores: readonly ArchiveStore[],
  { id, filter }: CopiesWanted,
): Promise<{ from: ArchiveStore; archives: Source[] }> {
  if (id !== undefined) return holderOf(stores, id);
  const archives: Source[] = [];
  for (const archive of await listArchives(first, filter)) {
    const last = (await verificationsOf(first, archive)).at(-1);
    if (last?.ok ?? true) archives.push(archive);
  }
  return { from: first, archives };
}

/** A store that cannot be read may have it as well: why is told only where no other one has it. */
async function holderOf(
  stores: readonly ArchiveStore[],
  id: string,
): Promise<{ from: ArchiveStore; archives: Source[] }> {
  let failure: unknown;
  for (const from of stores)
    try {
      const archive = await findArchive(from, id);
      if (archive) return { from, archives: [archive] };
    } catch (error) {
      failure ??= error;
    }
  throw failure ?? new ArchiveMissingError(id, stores.map(({ location }) => location).join(" and "));
}

/** What is wrong with one archive says nothing of the next; anything else is wrong with the store, and is not waited for again. */
const ofOneArchive = ["archive-damaged", "archive-missing", "archive-newer", "copy-claimed"];

async function copyInto(
  from: ArchiveStore,
  to: ArchiveStore,
  archives: readonly Source[],
  { filter, progress, signal, warn }: CopiesWanted,
): Promise<ArchiveCopy[]> {
  const made: ArchiveCopy[] = [];
  const tell = (id: string, outcome: ArchiveCopy["outcome"], problem: string | null) =>
    made.push({ id, store: to.location, outcome, problem, at: new Date().toISOString() });
  let held = new Map<string, string>();
  let broken: string | undefined;
  const failed = (error: unknown): string => {
    // Whoever interrupts wants an end, not the next copy.
    signal?.throwIfAborted();
    const problem = messageOf(error).split("\n")[0] ?? "";
    if (!(error instanceof OperatorError && ofOneArchive.includes(error.code))) broken = problem;
    return problem;
  };
  try {
    held = new Map((await listArchives(to, filter)).map(({ id, sha256 }) => [id, sha256]));
  } catch (error) {
    failed(error);
  }
  for (const { id, sha256 } of archives)
    try {
      if (broken !== undefined) tell(id, "failed", broken);
      else if (held.get(id) === sha256) tell(id, "there", null);
      else tell(id, await copyArchive({ from, to, id, progress, signal }), null);
    } catch (error) {
      tell(id, "failed", failed(error));
    }
  warnOf(made, to, warn);
  return made;
}

/** Of many archives the newest are named: what is wrong is one thing. */
function warnOf(made: readonly ArchiveCopy[], to: ArchiveStore, warn: CopiesWanted["warn"]): void {
  for (const problem of new Set(made.map((one) => one.problem))) {
    if (problem === null) continue;
    const ids = made.filter((one) => one.problem === problem).map(({ id }) => id);
    const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
    warn?.(`NO COPY in ${to.location} of ${ids.slice(0, 3).join(", ")}${more}: ${problem}`);
  }
}
