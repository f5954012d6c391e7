import type { RecordedArchive } from "../record";
import type { ArchiveCopy } from "./copy-archives";
import type { SeenStore } from "./compare-stores";

/** What the stores and the catalog say differently; all lists are empty when all is well. */
export interface CatalogComparison {
  /** In the catalog, and good in no store: gone, damaged, or not what was put there. */
  missing: { id: string; why: string }[];
  /** Good in a store, and nothing is known of it: copied there, or put there by somebody. */
  unknown: string[];
  /** Copies that failed when they were last tried, where the store still lacks them. */
  failedCopies: ArchiveCopy[];
  /** The newest that the catalog knows. */
  newest: string | null;
}

/** Holds what the catalog knows against what was seen, and what was seen against the catalog. */
export function compareCatalog(
  recorded: readonly RecordedArchive[],
  seen: readonly SeenStore[],
): CatalogComparison {
  const known = new Set(recorded.map(({ _id }) => _id));
  const all = [...new Set(seen.flatMap(({ held }) => [...held.keys()]))].sort().reverse();
  return {
    missing: recorded.flatMap((one) => {
      const why = whyMissing(one, seen);
      return why === undefined ? [] : [{ id: one._id, why }];
    }),
    unknown: all.filter((id) => !known.has(id)),
    failedCopies: recorded.flatMap(({ _id: id, copies = [] }) =>
      copies
        .filter(({ outcome, store }) => outcome === "failed" && !isHeld(id, store, seen))
        .map((copy) => ({ id, ...copy })),
    ),
    newest:
      recorded
        .map(({ _id }) => _id)
        .sort()
        .at(-1) ?? null,
  };
}

function whyMissing({ _id, sha256 }: RecordedArchive, seen: readonly SeenStore[]): string | undefined {
  const holders = seen.filter(({ held }) => held.has(_id));
  if (holders.some(({ held }) => held.get(_id)?.sha256 === sha256)) return undefined;
  if (holders.length > 0) return "the one in the store has another SHA-256";
  return seen.some(({ problem }) => problem !== null)
    ? "no store that can be read has a good archive of that id"
    : "no store has a good archive of that id";
}

function isHeld(id: string, location: string, seen: readonly SeenStore[]): boolean {
  return seen.some(({ store, held }) => store.location === location && held.has(id));
}
