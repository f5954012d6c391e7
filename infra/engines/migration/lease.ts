import { MongoServerSelectionError, type ClientSession, type Db, type MongoClient } from "mongodb";
import { isBrokenConnection } from "../../drivers/mongo";
import { DeadlineError, formatDuration, waitFor } from "../../support";
import { LockLostError, MigrationFailedError, MigrationsLockedError } from "./errors";
import { overtakeRecords } from "./journal";
import { commentOf, commentsBefore, endLeftovers } from "./leftovers";
import { beat, newOwner, passFence, raiseFence, tryLock, unlock, type LockDocument } from "./lock";

export interface LockOptions {
  /** How long to wait for another run; defaults to a minute. */
  waitMs?: number;
  /** After how long without a sign of life the lock is anybody's; defaults to 30 seconds. */
  leaseMs?: number;
}

/** The lock while it is held. */
export interface Lease {
  token: number;
  /** Carried by every command of this run. */
  comment: string;
  /** The one session of this run's transactions, named in the lock, so that whoever follows can end it. */
  session: ClientSession;
  /** Fires when the lock is lost. */
  signal: AbortSignal;
  /** Throws when the lock is lost, or may be: before each command. */
  assertHeld(): void;
  /** Makes a transaction conflict with every later owner of the lock. */
  fence(): Promise<void>;
}

const duplicateKey = 11000;

/** Waits for the lock, ends what its last owner left on the server, works, and gives it back. */
export async function withLease<T>(
  where: { client: MongoClient; db: Db; ops: Db; reason: string; signal: AbortSignal | undefined },
  options: LockOptions,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  const { client, ops, signal } = where;
  const leaseMs = options.leaseMs ?? 30_000;
  const owner = newOwner();
  return client.withSession(async (session) => {
    const stop = new AbortController();
    let lastBeat = performance.now();
    const lock = await acquire();
    const lose = (why: string): void => stop.abort(new LockLostError(why));
    const assertHeld = (): void => {
      // A process that was stopped for a while finds out here, before any timer of it could fire.
      if (performance.now() - lastBeat > leaseMs) lose(`no sign of life for ${formatDuration(leaseMs)}`);
      stop.signal.throwIfAborted();
    };
    const timer = setInterval(() => {
      const began = performance.now();
      beat(ops, owner, leaseMs).then(
        (held) => (held ? (lastBeat = began) : lose("somebody else holds it now")),
        // One beat that fails is no loss: the next may come through in time.
        () => performance.now() - lastBeat > leaseMs && lose("the database could not be reached"),
      );
    }, leaseMs / 4);
    let reachable = true;
    try {
      if (lock.previousSession) {
        await endLeftovers(client, commentsBefore(ops, lock.token), lock.previousSession, signal);
      }
      await raiseFence(ops, lock.token);
      await overtakeRecords(where.db, lock.token);
      assertHeld();
      const fence = async (): Promise<void> => {
        if (!(await passFence(ops, lock.token, session))) {
          lose("a later run has begun");
          assertHeld();
        }
      };
      const comment = commentOf(ops, lock.token);
      return await work({ token: lock.token, comment, session, signal: stop.signal, assertHeld, fence });
    } catch (error) {
      reachable = !isLoss(error);
      throw error;
    } finally {
      clearInterval(timer);
      // Without it the lock expires by itself, and is free at once when its process has ended. Who has lost the database
      // has waited for it long enough; the error of the work is the one that counts.
      if (reachable) await unlock(ops, owner).catch(() => undefined);
    }

    async function acquire(): Promise<LockDocument> {
      const waitMs = options.waitMs ?? 60_000;
      const wanted = { reason: where.reason, leaseMs, session: session.id?.id ?? fail() };
      let holder = "somebody";
      const ask = async (): Promise<LockDocument | undefined> => {
        lastBeat = performance.now();
        const found = await tryLock(ops, owner, wanted).catch((error: unknown) => {
          if ((error as { code?: unknown }).code === duplicateKey) return undefined;
          throw error;
        });
        if (found?.owner === owner) return found;
        if (found) holder = nameOf(found);
        return undefined;
      };
      try {
        return await waitFor(ask, { what: "the lock", timeoutMs: waitMs, intervalMs: 150, signal });
      } catch (error) {
        if (error instanceof DeadlineError) throw new MigrationsLockedError(holder, waitMs);
        throw error;
      }
    }
  });
}

/** The database was away for so long that not even the journal could be told. */
function isLoss(error: unknown): boolean {
  if (error instanceof MigrationFailedError) return !error.details.settled;
  return isBrokenConnection(error) || error instanceof MongoServerSelectionError;
}

function nameOf({ by, host, pid, since, reason }: LockDocument): string {
  return `${by} on ${host} (process ${pid}) since ${since.toISOString()}, ${reason}`;
}

function fail(): never {
  throw new Error("the driver gave a session without an id");
}
