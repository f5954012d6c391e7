import { messageOf, type OperatorError } from "../../support";
import { attempt } from "./attempt";
import { LockLostError, MigrationFailedError } from "./errors";
import type { LoadedMigration } from "./exports";
import { endRecord, readRecord, turnRecord } from "./journal";
import type { JournalRecord } from "./record";
import { withUndo } from "./undo";
import type { Workplace } from "./workplace";

/**
 * Brings a migration that threw to a known end and says which: rolled back, taken back, partly there, or unknown.
 * Gives nothing when it was its answer alone that got lost.
 */
export async function settle(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  cause: unknown,
): Promise<OperatorError | undefined> {
  try {
    return await outcome(place, migration, record, cause);
  } catch (journalError) {
    return unsettled(migration, record, cause, journalError);
  }
}

/** What came of a migration that threw; nothing when it was its answer alone that got lost: the journal knows. */
async function outcome(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  cause: unknown,
): Promise<OperatorError | undefined> {
  const now = await readRecord(place.db, migration.version);
  if (now?.token === record.token && now.state !== "running") return undefined;
  return settleFailure(place, migration, record, cause);
}

/** The journal could not be asked or told: both failures are the reader's. */
function unsettled(
  migration: LoadedMigration,
  record: JournalRecord,
  cause: unknown,
  journalError: unknown,
): OperatorError {
  if (journalError instanceof LockLostError) return journalError;
  const both = `${messageOf(cause)}; and the journal could not be asked: ${messageOf(journalError)}`;
  return new MigrationFailedError({
    version: migration.version,
    direction: record.direction,
    interrupted: false,
    settled: false,
    state: "What is left of it is unknown: the journal still says running.",
    remedy:
      "Bring the database back and run the command again: it looks, and then repeats or completes the migration.",
    cause: new AggregateError([cause, journalError], both),
  });
}

async function settleFailure(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  cause: unknown,
): Promise<OperatorError> {
  const interrupted = place.signal?.aborted === true;
  const { version } = migration;
  const failed = (state: string, remedy: string, why = cause): MigrationFailedError =>
    new MigrationFailedError({
      version,
      direction: record.direction,
      interrupted,
      settled: true,
      state,
      remedy,
      cause: why,
    });
  if (migration.transaction) return settleTransaction(place, record, cause, failed);
  const again = `Mend ${migration.file} and run the command again: it goes on with what is there.`;
  const noWayBack = !migration.down && (!migration.undo || record.preImages === "beyond");
  if (interrupted || record.direction === "down" || noWayBack) {
    await endRecord(place.db, record, { state: "failed", error: messageOf(cause) });
    return failed(
      "It runs outside a transaction: a part of its work may be in the database.",
      interrupted ? "Run the command again: it goes on from where it stopped." : again,
    );
  }
  try {
    await undo(place, migration, record, cause);
  } catch (undoError) {
    if (undoError instanceof LockLostError) return undoError;
    const both = new AggregateError(
      [cause, undoError],
      `${messageOf(cause)}; taking it back failed too: ${messageOf(undoError)}`,
    );
    await endRecord(place.db, record, { state: "failed", error: both.message });
    return failed("A part of its work may be in the database.", again, both);
  }
  return failed(
    `${migration.down ? "Its `down` has" : "Its pre-images have"} taken back what it had done: the database is as it was before.`,
    `Mend ${migration.file}, then run the command again.`,
  );
}

async function settleTransaction(
  place: Workplace,
  record: JournalRecord,
  cause: unknown,
  failed: (state: string, remedy: string) => MigrationFailedError,
): Promise<MigrationFailedError> {
  const error = messageOf(cause);
  if (record.direction === "down") {
    await endRecord(place.db, record, { state: "applied", direction: "up", error });
    return failed(
      "Its transaction was rolled back: the migration is still applied.",
      `Mend the \`down\` of ${record.file}, then run the command again.`,
    );
  }
  await endRecord(place.db, record, { state: "failed", error });
  return failed(
    "Its transaction was rolled back: nothing of it is in the database.",
    `Mend ${record.file}, then run the command again.`,
  );
}

/** Runs `down` after a failed `up`; the record ends as failed, with nothing left of it. */
async function undo(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  cause: unknown,
): Promise<void> {
  place.progress(`${migration.version}: failed, taking it back`);
  const turned = await turnRecord(place.db, record);
  const end = { state: "failed", direction: "up", error: messageOf(cause) } as const;
  await attempt(place, withUndo(place, migration), turned, "down", end);
}
