import type { ClientSession } from "mongodb";
import type { Progress } from "../../support";
import type { BackfillRun } from "./backfill";
import { keepCursor } from "./journal";
import type { JournalRecord } from "./record";
import { inTransaction } from "./transaction";
import type { Workplace } from "./workplace";

/** A backfill that is a part of its migration's transaction. */
export function backfillInside(session: ClientSession, progress: Progress, signal: AbortSignal): BackfillRun {
  return {
    batch: (work) => work(session),
    placeOf: () => undefined,
    keepPlace: async () => undefined,
    sizeOf: (collection) => collection.countDocuments({}),
    // The transaction's time is short, and its locks are held until it ends: pauses would only lengthen that.
    pauses: false,
    progress,
    signal,
  };
}

/** A backfill whose batches commit one by one, each with its place. */
export function backfillOutside(
  { db, lease, observer }: Workplace,
  record: JournalRecord,
  signal: AbortSignal,
  progress: Progress,
): BackfillRun {
  return {
    async batch(work) {
      const result = await inTransaction(lease.session, signal, async () => {
        observer?.begin(record.version);
        return work(lease.session);
      });
      observer?.commit(record.version);
      return result;
    },
    placeOf: (key) => record.cursors.find((cursor) => cursor.key === key),
    keepPlace: (place, session) => keepCursor(db, record, place, session),
    sizeOf: (collection) => collection.estimatedDocumentCount(),
    pauses: true,
    progress,
    signal,
  };
}
