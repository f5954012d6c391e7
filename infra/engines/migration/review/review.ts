import { setTimeout as sleep } from "node:timers/promises";
import { messageOf } from "../../../support";
import { loadMigrations, readMigrationFolder } from "../folder";
import type { LoadedMigration } from "../exports";
import { dependencyProblems, oneWayProblems } from "../problems";
import { recordingContext, type Asked } from "./recorder";
import type { RiskRule } from "../risk-rules";
import { risksOf } from "./rules";
import { SchemaModel } from "./schema-model";

/** A risk that was found, and why it is none where the migration says so. */
export interface RiskFinding {
  version: string;
  file: string;
  rule: RiskRule;
  what: string;
  accepted: string | null;
}

/** What a look at the files alone says. */
export interface MigrationReview {
  /** No problem, and no risk that nobody accepted. */
  ok: boolean;
  total: number;
  problems: string[];
  findings: RiskFinding[];
  /** Files that could not be followed to their end without a database: they may hold more. */
  unread: { file: string; why: string }[];
}

export interface ReviewPolicy {
  /** Every migration must have a way back that it can be taken by. */
  requireDown?: boolean;
}

const limitMs = 2000;

/**
 * Checks names, exports and risks without any database: each `up` is run against one that only notes what it is asked.
 */
export async function reviewMigrations(folder: string, policy: ReviewPolicy = {}): Promise<MigrationReview> {
  const { files, problems } = readMigrationFolder(folder);
  const { loaded, problems: unloadable } = loadMigrations(files);
  const all = [
    ...problems,
    ...unloadable,
    ...dependencyProblems(loaded, files),
    ...oneWayProblems(loaded, policy),
  ];
  const model = new SchemaModel();
  const findings: RiskFinding[] = [];
  const unread: MigrationReview["unread"] = [];
  for (const migration of loaded) {
    const { asked, why } = await followed(migration);
    if (why !== undefined) unread.push({ file: migration.file, why });
    findings.push(...findingsOf(migration, asked, model));
  }
  const ok = all.length === 0 && findings.every(({ accepted }) => accepted !== null);
  return { ok, total: files.length, problems: all, findings, unread };
}

/** The collections that some migrations ask for anything; null when one of them cannot be followed to its end. */
export async function collectionsAsked(folder: string, versions: string[]): Promise<string[] | null> {
  const { files } = readMigrationFolder(folder);
  const { loaded } = loadMigrations(files.filter(({ version }) => versions.includes(version)));
  const collections = new Set<string>();
  for (const migration of loaded) {
    const { asked, why } = await followed(migration);
    if (why !== undefined) return null;
    for (const { collection } of asked) collections.add(collection);
  }
  return [...collections];
}

function findingsOf(migration: LoadedMigration, asked: Asked[], model: SchemaModel): RiskFinding[] {
  const { version, file, phase, accepts } = migration;
  const found = new Map<string, RiskFinding>();
  for (const one of asked) {
    for (const { rule, what } of risksOf(one, migration, model.of(one.collection))) {
      found.set(`${rule} ${what}`, { version, file, rule, what, accepted: accepts[rule] ?? null });
    }
    model.take(one, version, phase);
  }
  return [...found.values()];
}

/** What a migration asks for, as far as it can be followed. */
async function followed(migration: LoadedMigration): Promise<{ asked: Asked[]; why?: string }> {
  const asked: Asked[] = [];
  const stop = new AbortController();
  const context = recordingContext(asked, stop.signal);
  const work = (async () => migration.up(context))();
  try {
    const first = await Promise.race([work, sleep(limitMs, "late", { ref: false })]);
    return first === "late" ? { asked, why: "it did not end" } : { asked };
  } catch (error) {
    return { asked, why: messageOf(error) };
  } finally {
    stop.abort(new Error("the review is over"));
    work.catch(() => undefined);
  }
}
