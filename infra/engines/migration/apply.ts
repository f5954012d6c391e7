import { attempt } from "./attempt";
import { LockLostError, TransactionRefusedError } from "./errors";
import type { LoadedMigration } from "./exports";
import { outsideTransaction } from "./foreign-file";
import { beginRecord } from "./journal";
import type { MigrationDirection } from "./migration";
import { isHalfDone, type JournalRecord } from "./record";
import { settle } from "./settlement";
import { withUndo } from "./undo";
import type { Workplace } from "./workplace";

/** One migration to run, in one direction. */
export interface RunStep {
  migration: LoadedMigration;
  direction: MigrationDirection;
  /** What the journal says of it so far. */
  earlier: JournalRecord | undefined;
  /** Older ones that stay pending when it is run alone. */
  holes: string[];
}

/** Writes the record, does the work, ends the record; after a failure it says what is left in the database. */
export async function apply(
  place: Workplace,
  { migration, direction, earlier, holes }: RunStep,
): Promise<{ record: JournalRecord; durationMs: number }> {
  const started = performance.now();
  place.lease.assertHeld();
  place.progress(`${migration.version} ${direction}: ${migration.description}`);
  const from = await cleared(place, migration, direction, earlier);
  const record = await performed(place, migration, direction, from, holes);
  return { record, durationMs: Math.round(performance.now() - started) };
}

/** A migration that a crash left half-done is taken back first, where its file says so. */
async function cleared(
  place: Workplace,
  migration: LoadedMigration,
  direction: MigrationDirection,
  earlier: JournalRecord | undefined,
): Promise<JournalRecord | undefined> {
  const undo = direction === "up" && migration.afterCrash === "undo";
  if (!undo || !earlier || !isHalfDone(earlier)) return earlier;
  place.progress(`${migration.version}: taking back what a crash has left of it`);
  const { holes } = earlier;
  return performed(place, migration, "down", earlier, holes);
}

async function performed(
  place: Workplace,
  loaded: LoadedMigration,
  direction: MigrationDirection,
  earlier: JournalRecord | undefined,
  holes: string[],
): Promise<JournalRecord> {
  const { db, lease, release, commit } = place;
  const migration = direction === "down" ? withUndo(place, loaded) : loaded;
  const run = { direction, release, commit, holes, token: lease.token };
  const record = await beginRecord(db, migration, run, earlier);
  try {
    await attempt(place, migration, record, direction);
    return record;
  } catch (error) {
    if (error instanceof LockLostError) throw error;
    if (error instanceof TransactionRefusedError && migration.foreign && migration.transaction) {
      place.progress(`${migration.version}: no transaction can hold it, so it runs outside of one`);
      return performed(place, outsideTransaction(migration), direction, earlier, holes);
    }
    const failure = await settle(place, migration, record, error);
    if (failure) throw failure;
    return record;
  }
}
