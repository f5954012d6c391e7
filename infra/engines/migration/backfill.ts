import { setTimeout as sleep } from "node:timers/promises";
import type { ClientSession, Collection } from "mongodb";
import type { Progress } from "../../support";
import { nextStretch, within } from "./id-stretch";
import type { Backfill, MigrationHelpers } from "./migration-context";
import { paceOf } from "./pace";
import type { BackfillCursor } from "./record";

/** How a backfill runs its batches and remembers its place. */
export interface BackfillRun {
  /** Runs a batch, in a transaction of its own or in the migration's. */
  batch<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** Where an earlier run of the same file has come to. */
  placeOf(key: string): BackfillCursor | undefined;
  keepPlace(place: BackfillCursor, session: ClientSession): Promise<void>;
  sizeOf(collection: Collection): Promise<number>;
  /** Whether it may make way for others between its batches. */
  pauses: boolean;
  progress: Progress;
  signal: AbortSignal;
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
    const pace = paceOf(change, run.pauses);
    let place = run.placeOf(key);
    for (;;) {
      const began = performance.now();
      const next = await run.batch((session) => oneBatch(collection, change, key, place, run, session));
      if (!next) return { documents: place?.documents ?? 0 };
      const looked = next.seen - (place?.seen ?? 0);
      place = next;
      run.progress(`${name} updated`, { current: Math.min(place.seen, total), total, unit: "documents" });
      const pauseMs = pace(looked, performance.now() - began);
      if (pauseMs > 0) await sleep(pauseMs, undefined, { signal: run.signal });
    }
  };
  return {
    backfill,
    renameField: (name, from, to, pace = {}) =>
      backfill(name, {
        ...pace,
        filter: { [from]: { $exists: true }, [to]: { $exists: false } },
        update: { $rename: { [from]: to } },
      }),
  };
}

async function oneBatch(
  collection: Collection,
  change: Backfill,
  key: string,
  place: BackfillCursor | undefined,
  run: BackfillRun,
  session: ClientSession,
): Promise<BackfillCursor | undefined> {
  const stretch = await nextStretch(collection, place, change.batchSize ?? 500, session);
  if (!stretch) return undefined;
  const filter = change.filter ? { $and: [within(stretch), change.filter] } : within(stretch);
  const { matchedCount } = await collection.updateMany(filter, change.update, { session, hint: { _id: 1 } });
  const reached = {
    key,
    last: stretch.last,
    seen: (place?.seen ?? 0) + stretch.size,
    documents: (place?.documents ?? 0) + matchedCount,
  };
  await run.keepPlace(reached, session);
  return reached;
}
