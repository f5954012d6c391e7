import { formatDuration, waitFor } from "../../support";
import { contextOf } from "./context";
import { MigrationMisuseError, MigrationTimeoutError } from "./errors";
import type { LoadedMigration, Step } from "./exports";
import type { GuardState } from "./guard";
import { endAndBegin, endRecord, type NextRecord } from "./journal";
import { endLeftovers } from "./leftovers";
import type { MigrationDirection } from "./migration";
import type { JournalRecord } from "./record";
import { stopSignal } from "./stop-signal";
import { stoppable } from "./stoppable";
import { timeLimitMs } from "./time-limit";
import { inTransaction } from "./transaction";
import type { Workplace } from "./workplace";

/** How a migration's record ends when the work went well. */
export type RecordEnd = Pick<JournalRecord, "state" | "direction" | "error">;

const nothingLeft = { partial: false, cursors: [] };

/**
 * Runs a migration in one direction up to its record's end, or throws with nothing of it running any more. A transaction
 * may write the record of the migration after it as well.
 */
export async function attempt(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  direction: MigrationDirection,
  end: RecordEnd = { state: direction === "up" ? "applied" : "reverted", direction, error: null },
  next?: NextRecord,
): Promise<void> {
  const { lease, signal } = place;
  const ms = timeLimitMs(migration, place.timeoutMs);
  const { signal: stop, release } = stopSignal([lease.signal, signal], {
    ms,
    reason: () => new MigrationTimeoutError(formatDuration(ms)),
  });
  try {
    if (migration.transaction) {
      // What follows is written behind it: once that is safe on the majority, so is this. Lost, they are lost together.
      const w = next ? 1 : "majority";
      const work = async (): Promise<void> => {
        place.observer?.begin(record.version);
        await performSteps(place, migration, record, direction, stop);
        const ended = { ...end, ...nothingLeft };
        if (next) await endAndBegin(place.db, record, ended, next, lease.session);
        else await endRecord(place.db, record, ended, lease.session);
      };
      await inTransaction(lease.session, stop, work, w);
      place.observer?.commit(record.version);
    } else {
      await performSteps(place, migration, record, direction, stop);
      await endRecord(place.db, record, { ...end, ...nothingLeft });
    }
  } catch (error) {
    // A stopped command fails in one of many ways; the reason is why it was stopped.
    throw stop.aborted ? stop.reason : error;
  } finally {
    release();
  }
}

/** Does a migration's work in one direction; its record and its transaction are the caller's. */
export async function performSteps(
  place: Workplace,
  migration: LoadedMigration,
  record: JournalRecord,
  direction: MigrationDirection,
  stop: AbortSignal,
): Promise<void> {
  const { lease } = place;
  let ended = false;
  const state: GuardState = { running: 0, refused: undefined };
  const check = (): void => {
    lease.assertHeld();
    stop.throwIfAborted();
    if (!ended) return;
    throw new MigrationMisuseError("the migration has ended", "Await every command of the migration.");
  };
  const session = migration.transaction ? lease.session : undefined;
  const context = contextOf(
    place,
    migration,
    record,
    { check, session, comment: lease.comment, state },
    stop,
  );
  const steps: (Step | undefined)[] =
    direction === "up" ? [migration.up, migration.verify] : [migration.down];
  try {
    for (const step of steps) {
      if (!step) continue;
      check();
      await stoppable(
        // A step that is no async function may throw before there is a promise.
        (async () => step(context))(),
        stop,
        () => endOwn(place),
      );
      // Also where the migration has caught it: it did not do what it wanted to.
      if (state.refused) throw state.refused;
      if (state.running > 0) {
        throw new MigrationMisuseError(
          `it ended while ${state.running} of its commands were still running`,
          "Await every command of the migration.",
        );
      }
    }
  } finally {
    ended = true;
    if (state.running > 0) await answered(state);
  }
}

/** A transaction is not ended while a command of it is under way: that one could begin it anew. */
async function answered(state: GuardState): Promise<void> {
  const none = () => (state.running === 0 ? true : undefined);
  const wait = { what: "the migration's last commands", timeoutMs: 3000, intervalMs: 10 };
  await waitFor(none, wait).catch(() => undefined);
}

/** Ends what this run itself still does on the server, unless that is a later run's by now. */
async function endOwn({ client, lease }: Workplace): Promise<void> {
  if (lease.session.id) await endLeftovers(client, lease.comment, lease.session.id.id);
}
