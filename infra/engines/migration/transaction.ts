import { MongoError, type ClientSession } from "mongodb";
import { retry } from "../../support";

/**
 * Runs work in a transaction that commits it wholly or not at all. What the server calls transient is tried again from
 * the start: it has left nothing behind.
 */
export async function inTransaction<T>(
  session: ClientSession,
  signal: AbortSignal,
  work: () => Promise<T>,
  w: "majority" | 1 = "majority",
): Promise<T> {
  const attempt = async (): Promise<T> => {
    // Not "snapshot": a transaction that creates a collection by its first insert may only read "local".
    session.startTransaction({ readConcern: { level: "local" }, writeConcern: { w } });
    try {
      const result = await work();
      signal.throwIfAborted();
      await commit(session, signal);
      return result;
    } catch (error) {
      // The error that led here counts; a transaction that cannot be told of its end is ended by the server.
      if (session.inTransaction()) await session.abortTransaction().catch(() => undefined);
      throw error;
    }
  };
  return retry(attempt, {
    attempts: 5,
    firstDelayMs: 50,
    retryable: has("TransientTransactionError"),
    signal,
  });
}

/** Asks again when the answer got lost: a commit that is repeated commits once. */
async function commit(session: ClientSession, signal: AbortSignal): Promise<void> {
  await retry(() => session.commitTransaction(), {
    attempts: 3,
    firstDelayMs: 100,
    retryable: has("UnknownTransactionCommitResult"),
    signal,
  });
}

function has(label: string): (error: unknown) => boolean {
  return (error) => error instanceof MongoError && error.hasErrorLabel(label);
}
