import type { RunStep } from "./apply";
import {
  DependencyMissingError,
  IrreversibleError,
  MigrationsRefusedError,
  UnknownVersionError,
} from "./errors";
import type { LoadedMigration } from "./exports";
import { loadMigrations } from "./folder";
import type { Look } from "./look";
import { fileMissing, oneWayProblems } from "./problems";
import { isApplied, isHalfDone, type JournalRecord } from "./record";
import type { RunOptions } from "./run";

/** What to run upwards, in order. */
export function chosenUp(
  seen: Look,
  options: Pick<RunOptions, "phase" | "versions" | "to" | "only" | "requireDown">,
): RunStep[] {
  requireSound(seen);
  const steps = options.only === undefined ? allOf(seen, options) : onlyOne(seen, options.only);
  const problems = oneWayProblems(
    steps.map(({ migration }) => migration),
    options,
  );
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
  return notAhead(seen, steps);
}

function allOf(
  seen: Look,
  { phase, versions, to }: Pick<RunOptions, "phase" | "versions" | "to">,
): RunStep[] {
  const steps = seen.pending
    .filter(
      (one) =>
        (phase === "all" || one.phase === phase) &&
        (versions === undefined || versions.includes(one.version)) &&
        (to === undefined || one.version <= to),
    )
    .map((migration) => stepOf(seen, migration, "up"));
  requireDependencies(seen, steps);
  return steps;
}

/** What to take back, in the order given; refuses all when one of them cannot be. */
export function chosenDown(seen: Look, versions: string[]): RunStep[] {
  requireSound(seen);
  const missing = versions.flatMap((version) => {
    const record = recordOf(seen, version);
    return record && !seen.files.some((file) => file.version === version) ? [fileMissing(record)] : [];
  });
  if (missing.length > 0) throw new MigrationsRefusedError(missing);
  const { loaded, problems } = loadMigrations(
    versions.flatMap((version) => seen.files.filter((file) => file.version === version)),
  );
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
  const oneWay = loaded.flatMap((migration) => {
    const reason = whyNot(migration, recordOf(seen, migration.version));
    return reason === undefined ? [] : [{ version: migration.version, reason }];
  });
  if (oneWay.length > 0) throw new IrreversibleError(oneWay);
  return notAhead(
    seen,
    loaded.map((migration) => stepOf(seen, migration, "down")),
  );
}

/** The versions of which something is in the database, the newest first. */
export function newestFirst({ records }: Look): string[] {
  return records
    .filter((record) => isApplied(record) || isHalfDone(record))
    .map(({ version }) => version)
    .sort()
    .reverse();
}

function onlyOne(seen: Look, version: string): RunStep[] {
  const migration = seen.pending.find((one) => one.version === version);
  if (!migration) {
    if (seen.files.some((file) => file.version === version)) return [];
    throw new UnknownVersionError(version);
  }
  requireDependencies(seen, [stepOf(seen, migration, "up")]);
  const holes = seen.pending
    .filter((one) => one.version < version && one.phase === migration.phase)
    .map((one) => one.version);
  return [{ ...stepOf(seen, migration, "up"), holes }];
}

/** What a step depends on is applied already, or comes before it in this run. */
function requireDependencies(seen: Look, steps: RunStep[]): void {
  const there = new Set(seen.records.filter(isApplied).map(({ version }) => version));
  for (const { migration } of steps) {
    const missing = migration.dependsOn.filter((one) => !there.has(one));
    if (missing.length > 0) throw new DependencyMissingError(migration.version, missing);
    there.add(migration.version);
  }
}

function requireSound({ problems }: Look): void {
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
}

/** Old code may live with a later schema; it may not change one whose files it does not have. */
function notAhead({ unfiled }: Look, steps: RunStep[]): RunStep[] {
  if (steps.length === 0 || unfiled.ahead.length === 0) return steps;
  throw new MigrationsRefusedError([
    `the database is ahead of this checkout by ${unfiled.ahead.join(", ")}: this code may run with it, and change nothing in it`,
  ]);
}

function stepOf(seen: Look, migration: LoadedMigration, direction: RunStep["direction"]): RunStep {
  const earlier = recordOf(seen, migration.version);
  return { migration, direction, earlier, holes: earlier?.holes ?? [] };
}

function recordOf({ records }: Look, version: string): JournalRecord | undefined {
  return records.find((record) => record.version === version);
}

/** Why a migration cannot be taken back; undefined when it can. */
export function whyNot(
  { down, undo, irreversible }: LoadedMigration,
  record: JournalRecord | undefined,
): string | undefined {
  if (down) return undefined;
  if (!undo) return irreversible ?? "it has no `down`";
  if (record?.preImages === "beyond")
    return "it changed more documents than it keeps pre-images of, or five later ones have theirs in place of its own";
  return undefined;
}
