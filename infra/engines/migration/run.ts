import type { DatabaseAddress } from "../../drivers/mongo";
import type { Progress } from "../../support";
import { apply } from "./apply";
import { withDatabases } from "./connection";
import { MigrationsRefusedError } from "./errors";
import type { LoadedMigration } from "./exports";
import { ensureJournal, readJournal } from "./journal";
import { withLease, type LockOptions } from "./lease";
import { look } from "./look";
import type { MigrationPhase } from "./migration";
import { isApplied, schemaVersionOf } from "./record";

export interface RunOptions {
  address: DatabaseAddress;
  folder: string;
  phase: MigrationPhase | "all";
  /** The release that this run belongs to. */
  release: number | null;
  /** Runs these alone; what a plan has promised, and no file that came later. */
  versions?: string[];
  /** Runs none that is later than this version. */
  to?: string;
  progress: Progress;
  signal?: AbortSignal | undefined;
  lock?: LockOptions;
}

export interface RunResult {
  schemaVersion: string | null;
  /** Every version in effect now. */
  applied: string[];
  /** What this run ran, in its order. */
  ran: { version: string; description: string; durationMs: number }[];
  durationMs: number;
}

/** Brings the schema up: refuses what is not right before it touches anything, then runs each pending migration once. */
export async function runMigrations(options: RunOptions): Promise<RunResult> {
  const { address, folder, release, progress, signal } = options;
  const started = performance.now();
  return withDatabases(address, signal, async ({ client, db, ops }) => {
    const ran: RunResult["ran"] = [];
    const wanted = async (): Promise<LoadedMigration[]> => {
      const { pending, problems } = await look(folder, db);
      if (problems.length > 0) throw new MigrationsRefusedError(problems);
      return chosen(pending, options);
    };
    if ((await wanted()).length > 0) {
      const reason = release === null ? "running migrations" : `running the migrations of release ${release}`;
      await withLease({ client, ops, reason, signal }, options.lock ?? {}, async (lease) => {
        await ensureJournal(db);
        // Looked at again: whoever held the lock before may have done the work.
        for (const migration of await wanted()) {
          const { durationMs } = await apply(
            { client, db, lease, progress, signal },
            migration,
            "up",
            release,
          );
          ran.push({ version: migration.version, description: migration.description, durationMs });
        }
      });
    }
    const records = await readJournal(db);
    return {
      schemaVersion: schemaVersionOf(records),
      applied: records.filter(isApplied).map(({ version }) => version),
      ran,
      durationMs: Math.round(performance.now() - started),
    };
  });
}

function chosen(pending: LoadedMigration[], { phase, versions, to }: RunOptions): LoadedMigration[] {
  return pending.filter(
    (one) =>
      (phase === "all" || one.phase === phase) &&
      (versions === undefined || versions.includes(one.version)) &&
      (to === undefined || one.version <= to),
  );
}
