import { anySignal, formatDuration } from "../../../support";
import { performSteps } from "../attempt";
import { changedBy, isDocumentWrite } from "../changed-by";
import { chosenUp } from "../chosen";
import { commitOf } from "../checkout";
import { withDatabases } from "../connection";
import { TrialLimitError } from "../errors";
import type { LoadedMigration } from "../exports";
import type { Write } from "../guard";
import { recordOf } from "../journal";
import { withLease } from "../lease";
import { look } from "../look";
import type { RunOptions } from "../run";
import type { Workplace } from "../workplace";
import type { WriteObserver } from "../write-observer";
import { TrialObserver } from "./observed";
import type { Trial, TriedMigration } from "./trial";

const mostDocuments = 1000;
const mostMs = 3000;

/** What whoever asks for it must have read. */
export const onLiveWarning = `Tries the migrations on the live database, in a transaction that is aborted: while it is open, at most ${formatDuration(mostMs)}, others who write to the same documents wait, or fail and try again. It ends at ${mostDocuments} documents.`;

/** Tries the pending migrations in one transaction of the live database, and aborts it. */
export async function tryOnLive(options: RunOptions): Promise<Trial> {
  const { address, folder, signal } = options;
  const started = performance.now();
  return withDatabases(address, signal, async ({ client, db, ops }) => {
    const wanted = chosenUp(await look(folder, db, options), options).map(({ migration }) => migration);
    const migrations: TriedMigration[] = [];
    let error: string | null = null;
    const reason = "trying migrations in a transaction that is aborted";
    await withLease({ client, db, ops, reason, signal }, options.lock ?? {}, async (lease) => {
      const observer = new TrialObserver();
      const { progress, release } = options;
      const commit = commitOf(folder);
      const limited = new LimitedObserver(observer);
      const place: Workplace = { client, db, lease, release, commit, progress, signal, observer: limited };
      const stop = anySignal([AbortSignal.timeout(mostMs), lease.signal, signal]);
      lease.session.startTransaction({ readConcern: { level: "local" } });
      try {
        for (const one of wanted) {
          const tried =
            error === null
              ? await tryOne(place, one, stop)
              : { outcome: "not reached" as const, error: null, durationMs: null };
          const { version, description } = one;
          error ??= tried.error;
          migrations.push({
            version,
            description,
            ...observer.of(version),
            ...tried,
            expectedMs: null,
            warnings: [],
          });
        }
      } finally {
        // Where the time was over, the server has ended it already.
        await lease.session.abortTransaction().catch(() => undefined);
      }
    });
    const durationMs = Math.round(performance.now() - started);
    return { ok: error === null, source: "live", sampled: [], migrations, error, durationMs };
  });
}

async function tryOne(
  place: Workplace,
  migration: LoadedMigration,
  stop: AbortSignal,
): Promise<Pick<TriedMigration, "outcome" | "error" | "durationMs">> {
  const { lease, release, commit, signal } = place;
  const began = performance.now();
  const run = { direction: "up" as const, release, commit, holes: [], token: lease.token };
  try {
    if (!migration.transaction) throw new TrialLimitError("it runs outside a transaction");
    await performSteps(place, migration, recordOf(migration, run, undefined), "up", stop);
    return { outcome: "ran", error: null, durationMs: Math.round(performance.now() - began) };
  } catch (error) {
    signal?.throwIfAborted();
    lease.assertHeld();
    const late = stop.aborted ? new TrialLimitError(`it took longer than ${formatDuration(mostMs)}`) : error;
    return { outcome: "failed", error: String((late as Error).message), durationMs: null };
  }
}

/** Ends the trial before a write would go past the limit. */
class LimitedObserver implements WriteObserver {
  #left = mostDocuments;

  constructor(private readonly inner: TrialObserver) {}

  begin(): void {
    // There is one transaction, and it is never tried again.
  }

  commit(): void {
    // Nor does it commit.
  }

  async beforeWrite(
    version: string,
    write: Write,
    where: Parameters<WriteObserver["beforeWrite"]>[2],
  ): ReturnType<WriteObserver["beforeWrite"]> {
    if (!isDocumentWrite(write)) throw new TrialLimitError(`\`${write.method}\` cannot be limited`);
    const { db, session } = where;
    const found = await changedBy(db.collection(write.collection), write, session, this.#left + 1);
    if (found.size > this.#left) throw new TrialLimitError(`it changes more than ${mostDocuments} documents`);
    this.#left -= found.size;
    return this.inner.beforeWrite(version, write, where);
  }
}
