import { apply } from "./apply";
import { withDatabases } from "./connection";
import { IrreversibleError, MigrationsRefusedError } from "./errors";
import type { LoadedMigration } from "./exports";
import { loadMigrations } from "./folder";
import { ensureJournal, readJournal } from "./journal";
import { withLease } from "./lease";
import { look, type Look } from "./look";
import { isApplied, isHalfDone, schemaVersionOf } from "./record";
import type { RunOptions, RunResult } from "./run";

export interface DownOptions extends Omit<RunOptions, "phase" | "versions" | "to"> {
  /** How many of the newest migrations to take back. */
  steps: number;
}

/** Takes the newest migrations back, the newest first; refuses before the first when one of them has no way back. */
export async function downMigrations(options: DownOptions): Promise<RunResult> {
  const { address, folder, release, progress, signal } = options;
  const started = performance.now();
  return withDatabases(address, signal, async ({ client, db, ops }) => {
    const ran: RunResult["ran"] = [];
    // Fixed by the first look: whoever had the lock before may have taken the same ones back already.
    const versions = newest(await look(folder, db), options.steps).map(({ version }) => version);
    if (versions.length > 0) {
      const reason = `taking back ${versions.length} migrations`;
      await withLease({ client, ops, reason, signal }, options.lock ?? {}, async (lease) => {
        await ensureJournal(db);
        const now = newest(await look(folder, db), options.steps);
        for (const migration of now.filter(({ version }) => versions.includes(version))) {
          const place = { client, db, lease, progress, signal };
          const { durationMs } = await apply(place, migration, "down", release);
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

function newest({ files, records, problems }: Look, steps: number): LoadedMigration[] {
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
  const chosen = records
    .filter((record) => isApplied(record) || isHalfDone(record))
    .map(({ version }) => version)
    .sort()
    .reverse()
    .slice(0, steps);
  const { loaded, problems: unloadable } = loadMigrations(
    chosen.flatMap((version) => files.filter((file) => file.version === version)),
  );
  if (unloadable.length > 0) throw new MigrationsRefusedError(unloadable);
  const oneWay = loaded.filter(({ down }) => !down);
  if (oneWay.length > 0) {
    throw new IrreversibleError(
      oneWay.map(({ version, irreversible }) => ({ version, reason: irreversible ?? "it has no `down`" })),
    );
  }
  return loaded;
}
