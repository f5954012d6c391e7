import type { DatabaseAddress } from "../../../drivers/mongo";
import { openStore, type ArchiveStore } from "../../../drivers/store";
import { messageOf, OperatorError } from "../../../support";
import { listArchives, type ArchiveFilter, type StorePlace } from "../catalog";
import { described, type ListedArchive } from "../described";
import type { ArchiveSummary } from "../manifest";
import { recordedArchives } from "../record";
import { compareCatalog, type CatalogComparison } from "./compare-catalog";

export interface ComparisonWanted {
  stores: readonly StorePlace[];
  filter?: ArchiveFilter | undefined;
  /** The database whose catalog is asked as well. */
  address?: DatabaseAddress | undefined;
}

/** What was seen of one store. */
export interface ComparedStore {
  store: string;
  /** Why it could not be read; what it holds is then unknown. */
  problem: string | null;
  archives: number;
  newest: string | null;
}

/** An archive, and where it is. */
export interface HeldArchive extends ListedArchive {
  /** The stores that hold it whole. */
  stores: string[];
  /** Those that could be read and have no good one. */
  lacking: string[];
  /** Those whose archive of that id has other bytes than the first one's. */
  differing: string[];
}

export interface StoresComparison {
  stores: ComparedStore[];
  archives: HeldArchive[];
  /** Null where there is none to ask, or it cannot be asked. */
  catalog: CatalogComparison | null;
  /** Every store could be read, holds the same, and the catalog knows just that. */
  agree: boolean;
}

export interface SeenStore {
  store: ArchiveStore;
  problem: string | null;
  failure?: unknown;
  /** By id; newest first. */
  held: Map<string, ArchiveSummary>;
}

/** Holds all stores against each other, and the catalog against them. */
export async function compareStores(wanted: ComparisonWanted): Promise<StoresComparison> {
  const { filter = {}, address } = wanted;
  const seen = await Promise.all(wanted.stores.map((place) => look(openStore(place), filter)));
  if (seen.every(({ problem }) => problem !== null)) throw seen[0]?.failure;
  const recorded = address && (await recordedArchives(address, filter).catch(unlessOperators));
  const catalog = recorded ? compareCatalog(recorded, seen) : null;
  const archives = await heldArchives(seen);
  const stores = seen.map(({ store, problem, held }) => ({
    store: store.location,
    problem,
    archives: held.size,
    newest: [...held.keys()][0] ?? null,
  }));
  return { stores, archives, catalog, agree: doAgree(stores, archives, catalog) };
}

async function look(store: ArchiveStore, filter: ArchiveFilter): Promise<SeenStore> {
  try {
    const archives = await listArchives(store, filter);
    return { store, problem: null, held: new Map(archives.map((one) => [one.id, one])) };
  } catch (error) {
    return { store, problem: messageOf(error).split("\n")[0] ?? "", failure: error, held: new Map() };
  }
}

/** Newest first; what stands beside an archive is read where it was found first. */
async function heldArchives(seen: readonly SeenStore[]): Promise<HeldArchive[]> {
  const ids = [...new Set(seen.flatMap(({ held }) => [...held.keys()]))].sort().reverse();
  const readable = seen.filter(({ problem }) => problem === null);
  const found = ids.map(async (id) => {
    const holders = readable.filter(({ held }) => held.has(id));
    const [first] = holders;
    const archive = first?.held.get(id);
    if (!first || !archive) return [];
    const same = ({ held }: SeenStore) => held.get(id)?.sha256 === archive.sha256;
    const locations = (some: readonly SeenStore[]) => some.map(({ store }) => store.location);
    return [
      {
        ...(await described(first.store, archive)),
        stores: locations(holders.filter(same)),
        lacking: locations(readable.filter(({ held }) => !held.has(id))),
        differing: locations(holders.filter((one) => !same(one))),
      },
    ];
  });
  return (await Promise.all(found)).flat();
}

function doAgree(
  stores: readonly ComparedStore[],
  archives: readonly HeldArchive[],
  catalog: CatalogComparison | null,
): boolean {
  return (
    stores.every(({ problem }) => problem === null) &&
    archives.every(({ lacking, differing }) => lacking.length === 0 && differing.length === 0) &&
    (catalog === null || (catalog.missing.length === 0 && catalog.unknown.length === 0))
  );
}

/** Where the database cannot be asked its archives are of all the more worth. */
function unlessOperators(error: unknown): undefined {
  if (!(error instanceof OperatorError)) throw error;
}
