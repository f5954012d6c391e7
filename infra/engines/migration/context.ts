import type { ClientSession } from "mongodb";
import type { Progress } from "../../support";
import { backfills, type BackfillRun } from "./backfill";
import { guardDatabase, type Guard } from "./guarded-database";
import { keepCursor } from "./journal";
import type { LoadedMigration } from "./exports";
import type { MigrationContext } from "./migration";
import type { JournalRecord } from "./record";
import { refusedSchemaChanges, schemaChanges } from "./schema-changes";
import { inTransaction } from "./transaction";
import type { Workplace } from "./workplace";

/** What a migration gets to work with: everything of it passes the guard. */
export function contextOf(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  guard: Guard,
  stop: AbortSignal,
): MigrationContext {
  const db = guardDatabase(place.db, guard);
  const progress: Progress = (message, done) => place.progress(`${migration.version}: ${message}`, done);
  const run = migration.transaction
    ? backfillInside(place.lease.session, progress)
    : backfillOutside(place, record, stop, progress);
  return {
    db,
    session: guard.session,
    log: (message) => progress(message),
    signal: stop,
    helpers: {
      ...(migration.transaction ? refusedSchemaChanges() : schemaChanges(db)),
      ...backfills((name) => db.collection(name), run),
    },
  };
}

function backfillInside(session: ClientSession, progress: Progress): BackfillRun {
  return {
    batch: (work) => work(session),
    placeOf: () => undefined,
    keepPlace: async () => undefined,
    sizeOf: (collection) => collection.countDocuments({}),
    progress,
  };
}

function backfillOutside(
  { db, lease }: Workplace,
  record: JournalRecord,
  stop: AbortSignal,
  progress: Progress,
): BackfillRun {
  return {
    batch: (work) =>
      inTransaction(lease.session, stop, async () => {
        await lease.fence();
        return work(lease.session);
      }),
    placeOf: (key) => record.cursors.find((cursor) => cursor.key === key),
    keepPlace: (place, session) => keepCursor(db, record, place, session),
    sizeOf: (collection) => collection.estimatedDocumentCount(),
    progress,
  };
}
