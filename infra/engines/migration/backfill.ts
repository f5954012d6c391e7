import type { ClientSession, Collection, Document } from "mongodb";
import type { Progress } from "../../support";
import type { MigrationHelpers } from "./migration";
import type { BackfillCursor } from "./record";

/** How a backfill runs its batches and remembers its place. */
export interface BackfillRun {
  /** Runs a batch, in a transaction of its own or in the migration's. */
  batch<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** Where an earlier run of the same file has come to. */
  placeOf(key: string): BackfillCursor | undefined;
  keepPlace(place: BackfillCursor, session: ClientSession): Promise<void>;
  sizeOf(collection: Collection): Promise<number>;
  progress: Progress;
}

/** Updates in batches by `_id`, whose index every collection has, so that no batch needs another one. */
export function backfills(
  collectionOf: (name: string) => Collection,
  run: BackfillRun,
): Pick<MigrationHelpers, "backfill" | "renameField"> {
  let calls = 0;
  const backfill: MigrationHelpers["backfill"] = async (name, change) => {
    // The file is the same when a place is found again, so its calls come in the same order.
    const key = `${++calls} ${name}`;
    const collection = collectionOf(name);
    const total = await run.sizeOf(collection);
    let place = run.placeOf(key);
    for (;;) {
      const next = await run.batch(async (session) => {
        const ids = await idsAfter(collection, change.filter ?? {}, place, change.batchSize ?? 500, session);
        if (ids.length === 0) return undefined;
        await collection.updateMany({ _id: { $in: ids } }, change.update, { session, hint: { _id: 1 } });
        const reached = { key, last: ids.at(-1), documents: (place?.documents ?? 0) + ids.length };
        await run.keepPlace(reached, session);
        return reached;
      });
      if (!next) return { documents: place?.documents ?? 0 };
      place = next;
      run.progress(`${name} updated`, { current: place.documents, total, unit: "documents" });
    }
  };
  return {
    backfill,
    renameField: (name, from, to) =>
      backfill(name, {
        filter: { [from]: { $exists: true }, [to]: { $exists: false } },
        update: { $rename: { [from]: to } },
      }),
  };
}

async function idsAfter(
  collection: Collection,
  filter: Document,
  place: BackfillCursor | undefined,
  limit: number,
  session: ClientSession,
): Promise<Document["_id"][]> {
  // `min` and not `$gt`, which sees only ids of the same type; it includes the last one, so that is left out.
  const found = await collection
    .find(filter, {
      session,
      projection: { _id: 1 },
      sort: { _id: 1 },
      hint: { _id: 1 },
      limit: limit + 1,
      ...(place ? { min: { _id: place.last } } : {}),
    })
    .toArray();
  const ids = found.map(({ _id }) => _id as unknown);
  const first = place && ids.length > 0 && isSame(ids[0], place.last) ? 1 : 0;
  return ids.slice(first, first + limit) as Document["_id"][];
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
