import { attempt } from "./attempt";
import { makeRoomForImages } from "./bounded-images";
import { LockLostError, TransactionRefusedError } from "./errors";
import type { LoadedMigration } from "./exports";
import { outsideTransaction } from "./foreign-file";
import { beginRecord, recordOf, type NextRecord } from "./journal";
import type { MigrationDirection } from "./migration";
import { isHalfDone, type JournalRecord } from "./record";
import { settle } from "./settlement";
import { inTransaction } from "./transaction";
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
  /** Its record, where the step before has written that. */
  begun?: JournalRecord | undefined;
}

/** What became of a step, and the record of the next one where that is written already. */
export interface Applied {
  record: JournalRecord;
  durationMs: number;
  nextBegun: JournalRecord | undefined;
}

/** Writes the record, does the work, ends the record; after a failure it says what is left in the database. */
export async function apply(place: Workplace, step: RunStep, next?: RunStep): Promise<Applied> {
  const started = performance.now();
  const { migration, direction } = step;
  place.lease.assertHeld();
  place.progress(`${migration.version} ${direction}: ${migration.description}`);
  const earlier = await cleared(place, step);
  if (migration.undo && direction === "up") await makeRoomForImages(place, migration.version);
  const applied = await performed(place, { ...step, earlier }, nextRecord(place, migration, next));
  return { ...applied, durationMs: Math.round(performance.now() - started) };
}

/** One transaction can end this record and begin the next one, where both migrations run in transactions. */
function nextRecord(
  place: Workplace,
  migration: LoadedMigration,
  next: RunStep | undefined,
): NextRecord | undefined {
  if (!next || !migration.transaction || !next.migration.transaction || next.direction === "down") {
    return undefined;
  }
  const { earlier } = next;
  return earlier && isHalfDone(earlier) ? undefined : { record: newRecord(place, next), earlier };
}

/** A migration that a crash left half-done is taken back first, where its file says so. */
async function cleared(place: Workplace, step: RunStep): Promise<JournalRecord | undefined> {
  const { migration, direction, earlier } = step;
  const undo = direction === "up" && migration.afterCrash === "undo";
  if (!undo || !earlier || !isHalfDone(earlier)) return earlier;
  place.progress(`${migration.version}: taking back what a crash has left of it`);
  const { record } = await performed(place, { ...step, direction: "down" }, undefined);
  return { ...record, state: "reverted", partial: false, cursors: [] };
}

async function performed(
  place: Workplace,
  step: RunStep,
  next: NextRecord | undefined,
): Promise<Omit<Applied, "durationMs">> {
  const { direction } = step;
  const migration = direction === "down" ? withUndo(place, step.migration) : step.migration;
  const record = step.begun ?? (await begin(place, { ...step, migration }));
  const done = { record, nextBegun: next?.record };
  try {
    await attempt(place, migration, record, direction, undefined, next);
    return done;
  } catch (error) {
    if (error instanceof LockLostError) throw error;
    if (error instanceof TransactionRefusedError && migration.foreign && migration.transaction) {
      place.progress(`${migration.version}: no transaction can hold it, so it runs outside of one`);
      const outside = outsideTransaction(migration);
      return performed(place, { ...step, migration: outside, earlier: record, begun: undefined }, undefined);
    }
    const failure = await settle(place, migration, record, error);
    if (failure) throw failure;
    return done;
  }
}

async function begin(place: Workplace, step: RunStep): Promise<JournalRecord> {
  const { db, lease, signal } = place;
  const record = newRecord(place, step);
  const stop = signal ? AbortSignal.any([signal, lease.signal]) : lease.signal;
  await inTransaction(lease.session, stop, async () => {
    await lease.fence();
    await beginRecord(db, record, step.earlier, lease.session);
  });
  return record;
}

function newRecord(place: Workplace, { migration, direction, earlier, holes }: RunStep): JournalRecord {
  const { release, commit, lease } = place;
  return recordOf(migration, { direction, release, commit, holes, token: lease.token }, earlier);
}
