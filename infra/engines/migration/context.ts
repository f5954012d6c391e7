import type { MongoClient } from "mongodb";
import type { Progress } from "../../support";
import { backfills } from "./backfill";
import { backfillInside, backfillOutside } from "./backfill-run";
import type { LoadedMigration } from "./exports";
import type { Guard } from "./guard";
import { guardClient, guardDatabase } from "./guarded-database";
import type { MigrationContext } from "./migration-context";
import type { JournalRecord } from "./record";
import { refusedSchemaChanges, schemaChanges } from "./schema-changes";
import type { Workplace } from "./workplace";
import { guardsOf } from "./writes";

/** What the engine gives to a migration, more than one of our own sees. */
export interface WorkContext extends MigrationContext {
  /** For files made for migrate-mongo. */
  client: MongoClient;
}

const keptLines = 20;

/** What a migration gets to work with: everything of it passes the guard. */
export function contextOf(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  base: Omit<Guard, "beforeWrite">,
  stop: AbortSignal,
): WorkContext {
  const guards = guardsOf(place, migration, record, base);
  const db = guardDatabase(place.db, guards.plain);
  const helped = guardDatabase(place.db, guards.helpers);
  const progress: Progress = (message, done) => place.progress(`${migration.version}: ${message}`, done);
  const run = migration.transaction
    ? backfillInside(place.lease.session, progress, stop)
    : backfillOutside(place, record, stop, progress);
  return {
    db,
    client: guardClient(place.client, guards.plain, place.db),
    session: base.session,
    log(message) {
      record.log.push(message);
      if (record.log.length > keptLines) record.log.shift();
      progress(message);
    },
    signal: stop,
    helpers: {
      ...(migration.transaction ? refusedSchemaChanges(guards.plain) : schemaChanges(helped)),
      ...backfills((name) => helped.collection(name), run),
    },
  };
}
