import type { DatabaseAddress } from "../../drivers/mongo";
import type { Progress } from "../../support";
import type { RunStep } from "./apply";
import { commitOf } from "./checkout";
import { chosenUp } from "./chosen";
import { withDatabases } from "./connection";
import { NoArchiveToRestoreError } from "./errors";
import { ensureJournal, readJournal } from "./journal";
import { withLease, type LockOptions } from "./lease";
import { look, lookAgain, type Look } from "./look";
import type { MigrationDirection, MigrationPhase } from "./migration";
import { isApplied, schemaVersionOf } from "./record";
import { runSteps, type FailurePolicy, type RanStep } from "./run-steps";
import type { MigrationRules } from "./problems";
import type { WriteObserver } from "./write-observer";

/** What every run has, in whichever direction. */
export interface RunBase extends FailurePolicy, MigrationRules {
  address: DatabaseAddress;
  folder: string;
  /** The release that this run belongs to. */
  release: number | null;
  /** What a migration outside a transaction gets that says nothing of its own; 10 minutes unless given. */
  timeoutMs?: number | undefined;
  progress: Progress;
  signal?: AbortSignal | undefined;
  lock?: LockOptions;
  /** Sees each write: for trials. */
  observer?: WriteObserver;
}

export interface RunOptions extends RunBase {
  phase: MigrationPhase | "all";
  /** Runs these alone; what a plan has promised, and no file that came later. */
  versions?: string[];
  /** Runs none that is later than this version. */
  to?: string;
  /** Runs this one alone, when those that it depends on are applied; older ones that stay pending are recorded. */
  only?: string;
}

export interface RunResult {
  schemaVersion: string | null;
  /** Every version in effect now. */
  applied: string[];
  /** What this run ran, in its order. */
  ran: { version: string; description: string; direction: MigrationDirection; durationMs: number }[];
  durationMs: number;
}

/** Brings the schema up: refuses what is not right before it touches anything, then runs each pending migration once. */
export async function runMigrations(options: RunOptions): Promise<RunResult> {
  const { release } = options;
  const reason = release === null ? "running migrations" : `running the migrations of release ${release}`;
  return performRun(options, reason, (seen) => chosenUp(seen, options));
}

/** Looks, takes the lock, looks again, and does what was chosen by the first look and still is by the second. */
export async function performRun(
  options: RunBase,
  reason: string,
  choose: (seen: Look) => RunStep[],
): Promise<RunResult> {
  const { address, folder, release, progress, signal } = options;
  const started = performance.now();
  return withDatabases(address, signal, async ({ client, db, ops }) => {
    let ran: RanStep[] = [];
    const first = await look(folder, db, options);
    const planned = choose(first);
    const wanted = planned.map(({ migration }) => migration.version);
    if (wanted.length > 0) {
      requireArchive(planned, options);
      await withLease({ client, db, ops, reason, signal }, options.lock ?? {}, async (lease) => {
        await ensureJournal(db);
        // Whoever held the lock before may have done the work.
        const steps = choose(await lookAgain(first, db, options)).filter(({ migration }) =>
          wanted.includes(migration.version),
        );
        const commit = commitOf(folder);
        const { observer, timeoutMs } = options;
        const place = { client, db, lease, release, commit, progress, signal, observer, timeoutMs };
        ran = await runSteps(place, steps, options);
      });
    }
    const records = await readJournal(db);
    return {
      schemaVersion: schemaVersionOf(records),
      applied: records.filter(isApplied).map(({ version }) => version),
      ran: ran.map(({ version, description, direction, durationMs }) => ({
        version,
        description,
        direction,
        durationMs,
      })),
      durationMs: Math.round(performance.now() - started),
    };
  });
}

/** What would be missing after the failure is told before anything runs. */
function requireArchive(steps: RunStep[], { onFailure, restore }: FailurePolicy): void {
  if (onFailure === "restore" && !restore && steps.some(({ direction }) => direction === "up")) {
    throw new NoArchiveToRestoreError("there is none");
  }
}
