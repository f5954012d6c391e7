import type { DatabaseAddress } from "../../../drivers/mongo";
import type { Progress } from "../../../support";
import { chosenUp } from "../chosen";
import { MigrationFailedError } from "../errors";
import { lookAt, planMigrations } from "../plan";
import { collectionsAsked } from "../review";
import { runMigrations, type RunOptions } from "../run";
import { migrationStatus, type MigrationStatusRow } from "../status";
import { TrialObserver, type Observed } from "./observed";
import { copySample, type Sampled } from "./sample";
import { longIndexBuilds } from "./long-index-builds";
import { whyNotRepeatable } from "./repeated";
import { withScratchServer } from "./scratch-server";

export interface TrialOptions extends Pick<
  RunOptions,
  "phase" | "to" | "only" | "versions" | "schema" | "requireDown" | "timeoutMs"
> {
  /** Null where there is no database yet: the trial then begins with an empty one. */
  address: DatabaseAddress | null;
  folder: string;
  /** Fills the trial's database from the newest verified archive; without it a sample of the live one is copied. */
  fill?: ((to: DatabaseAddress) => Promise<void>) | undefined;
  /** How many documents of each affected collection a sample takes; defaults to 1,000. */
  sampleSize?: number;
  progress: Progress;
  signal?: AbortSignal | undefined;
}

/** One migration as it went in the trial. */
export interface TriedMigration extends Observed {
  version: string;
  description: string;
  outcome: "ran" | "failed" | "not reached";
  error: string | null;
  durationMs: number | null;
  /** What it would take on all documents, as far as a sample can tell. */
  expectedMs: number | null;
  /** What went well here and need not go well there. */
  warnings: string[];
}

export interface Trial {
  ok: boolean;
  source: "archive" | "sample" | "empty" | "live";
  /** What a sample took; empty where an archive was restored. */
  sampled: Sampled[];
  migrations: TriedMigration[];
  /** The failure in full, with what it would leave in the database. */
  error: string | null;
  durationMs: number;
}

/**
 * Really runs the pending migrations, on a database of their own: on a mongod of this machine that is filled from the
 * newest archive or from a sample, and removed afterwards. Of the live database it only reads.
 */
export async function tryMigrations(options: TrialOptions): Promise<Trial> {
  const started = performance.now();
  const { address, progress, signal } = options;
  const wanted = chosenUp(await lookAt(options), options).map(({ migration }) => migration);
  const source = options.fill ? "archive" : address ? "sample" : "empty";
  const trial = { ok: true, source, sampled: [], migrations: [], error: null, durationMs: 0 } as const;
  if (wanted.length === 0) return { ...trial, migrations: [], sampled: [] };
  const versions = wanted.map(({ version }) => version);
  return withScratchServer(address?.name ?? "trial", { progress, signal }, async (scratch) => {
    const sampled = await fill(options, versions, scratch);
    const observer = new TrialObserver();
    const warnings = new Map<string, string[]>();
    const error = await rehearse(options, versions, scratch, { observer, warnings });
    const { rows } = await migrationStatus({ address: scratch, folder: options.folder, signal });
    const migrations = wanted.map(({ version, description }) => {
      const row = rows.find((one) => one.version === version);
      const seen = observer.of(version);
      const risks = [...(warnings.get(version) ?? []), ...longIndexBuilds(seen, sampled)];
      return { version, description, ...seen, ...outcomeOf(row, seen, sampled), warnings: risks };
    });
    const durationMs = Math.round(performance.now() - started);
    return { ok: error === null, source, sampled, migrations, error, durationMs };
  });
}

async function fill(options: TrialOptions, versions: string[], to: DatabaseAddress): Promise<Sampled[]> {
  const { address, folder, sampleSize = 1000, progress, signal } = options;
  if (options.fill) {
    progress("restoring the newest archive for the trial");
    await options.fill(to);
    return [];
  }
  if (!address) return [];
  const collections = await collectionsAsked(folder, versions);
  return copySample({ from: address, to, collections, documents: sampleSize, progress, signal });
}

interface Watch {
  observer: TrialObserver;
  warnings: Map<string, string[]>;
}

/** Runs what an older archive lacks, and then what is wanted, one by one; gives the failure there may be. */
async function rehearse(
  { folder, progress, signal, timeoutMs }: TrialOptions,
  versions: string[],
  address: DatabaseAddress,
  { observer, warnings }: Watch,
): Promise<string | null> {
  const base = { address, folder, phase: "all", release: null, progress, signal, timeoutMs } as const;
  const { pending } = await planMigrations({ address, folder, signal });
  const earlier = pending.map(({ version }) => version).filter((version) => !versions.includes(version));
  try {
    if (earlier.length > 0) await runMigrations({ ...base, versions: earlier });
    for (const version of inOrder(pending, versions)) {
      await runMigrations({ ...base, versions: [version], observer });
      const why = await whyNotRepeatable(address, version, base);
      if (why !== undefined) warnings.set(version, [why]);
    }
    return null;
  } catch (error) {
    if (!(error instanceof MigrationFailedError) || error.details.interrupted) throw error;
    return error.message;
  }
}

function inOrder(pending: { version: string }[], wanted: string[]): string[] {
  return pending.map(({ version }) => version).filter((version) => wanted.includes(version));
}

function outcomeOf(
  row: MigrationStatusRow | undefined,
  { collections }: Observed,
  sampled: Sampled[],
): Pick<TriedMigration, "outcome" | "error" | "durationMs" | "expectedMs"> {
  const reached = row !== undefined && row.state !== "pending";
  const durationMs = reached ? row.durationMs : null;
  const outcome = !reached ? "not reached" : row.applied ? "ran" : "failed";
  const factor = Math.max(
    1,
    ...sampled
      .filter((one) => one.sampled > 0 && collections.some(({ collection }) => collection === one.collection))
      .map((one) => one.live / one.sampled),
  );
  const expectedMs = durationMs === null ? null : Math.round(durationMs * factor);
  return { outcome, error: row?.error ?? null, durationMs, expectedMs };
}
