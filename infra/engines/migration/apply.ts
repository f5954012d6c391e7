import { messageOf } from "../../support";
import { attempt } from "./attempt";
import { LockLostError, MigrationFailedError } from "./errors";
import type { LoadedMigration } from "./exports";
import { beginRecord, endRecord, readRecord, turnRecord } from "./journal";
import type { MigrationDirection } from "./migration";
import type { JournalRecord } from "./record";
import type { Workplace } from "./workplace";

/** Writes the record, does the work, ends the record; after a failure it says what is left in the database. */
export async function apply(
  place: Workplace,
  migration: LoadedMigration,
  direction: MigrationDirection,
  release: number | null,
): Promise<{ durationMs: number }> {
  const { db, lease } = place;
  const started = performance.now();
  lease.assertHeld();
  place.progress(`${migration.version} ${direction}: ${migration.description}`);
  const record = await beginRecord(db, migration, { direction, release, token: lease.token });
  try {
    await attempt(place, migration, record, direction);
  } catch (error) {
    if (error instanceof LockLostError) throw error;
    const now = await readRecord(db, migration.version);
    // An answer that got lost on its way is no failure: the journal knows.
    const ended = now?.token === record.token && now.state !== "running";
    if (!ended) throw await settle(place, migration, record, error);
  }
  return { durationMs: Math.round(performance.now() - started) };
}

async function settle(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  cause: unknown,
): Promise<MigrationFailedError> {
  const interrupted = place.signal?.aborted === true;
  const { version } = migration;
  const failed = (state: string, remedy: string, why = cause): MigrationFailedError =>
    new MigrationFailedError({
      version,
      direction: record.direction,
      interrupted,
      state,
      remedy,
      cause: why,
    });
  if (migration.transaction) return settleTransaction(place, record, cause, failed);
  const again = `Mend ${migration.file} and run the command again: it goes on with what is there.`;
  if (interrupted || record.direction === "down" || !migration.down) {
    await endRecord(place.db, record, { state: "failed", error: messageOf(cause) });
    return failed(
      "It runs outside a transaction: a part of its work may be in the database.",
      interrupted ? "Run the command again: it goes on from where it stopped." : again,
    );
  }
  try {
    await undo(place, migration, record, cause);
  } catch (undoError) {
    if (undoError instanceof LockLostError) throw undoError;
    const both = new AggregateError(
      [cause, undoError],
      `${messageOf(cause)}; taking it back failed too: ${messageOf(undoError)}`,
    );
    await endRecord(place.db, record, { state: "failed", error: both.message });
    return failed("A part of its work may be in the database.", again, both);
  }
  return failed(
    "Its `down` has taken back what it had done: the database is as it was before.",
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
  await attempt(place, migration, turned, "down", end);
}
