import type { LoadedMigration } from "./exports";
import type { MigrationFile } from "./folder";
import { isApplied, type JournalRecord } from "./record";

/** Which versions of the database's schema this code lives with, when it is the older of the two. */
export interface SchemaRange {
  min: string;
  max: string;
}

/** What a stack asks of its migrations. */
export interface MigrationRules {
  /** Versions of a database ahead of the files that this code lives with; they run no other than the files here. */
  schema?: SchemaRange | undefined;
  /** Whether each pending one must have a way back that it can be taken by. */
  requireDown?: boolean | undefined;
}

/** Applied versions whose files are missing without a fault. */
export interface Unfiled {
  /** Later than all files here, and within what the code declares to live with. */
  ahead: string[];
  /** Run by another tool, before this one took over. */
  adopted: string[];
}

export function unfiledOf(
  files: MigrationFile[],
  records: JournalRecord[],
  schema: SchemaRange | undefined,
): Unfiled {
  const newest = files.at(-1)?.version ?? "";
  const missing = records.filter(
    (record) => isApplied(record) && !files.some(({ version }) => version === record.version),
  );
  const isAhead = ({ version }: JournalRecord): boolean =>
    schema !== undefined && version > newest && version >= schema.min && version <= schema.max;
  return {
    ahead: missing.filter(isAhead).map(({ version }) => version),
    adopted: missing.filter(({ adopted }) => adopted !== null).map(({ version }) => version),
  };
}

/** What is wrong between the files and the journal. */
export function journalProblems(
  files: MigrationFile[],
  records: JournalRecord[],
  { ahead, adopted }: Unfiled,
): string[] {
  const newest = files.at(-1)?.version ?? "";
  const problems: string[] = [];
  for (const record of records.filter(isApplied)) {
    const file = files.find(({ version }) => version === record.version);
    if (!file) {
      if (ahead.includes(record.version) || adopted.includes(record.version)) continue;
      problems.push(
        record.version > newest
          ? `the database is ahead of this checkout: ${record.version} (${record.description}) is applied and later than all its files; use the checkout that has it${commitIn(record)}`
          : fileMissing(record),
      );
    } else if (file.checksum !== record.checksum) {
      problems.push(
        `${file.file} was changed after it was applied: put it back as it was, and make the change in a new migration`,
      );
    }
  }
  return problems;
}

/** The one thing to do about an applied migration whose file is gone. */
export function fileMissing(record: JournalRecord): string {
  return `${record.file} is applied and its file is missing: bring it back${commitIn(record)}`;
}

function commitIn({ commit }: JournalRecord): string {
  return commit === null ? "" : ` (it was run from commit ${commit})`;
}

/** What is wrong with the order in which the pending ones would run. */
export function orderProblems(pending: LoadedMigration[], records: JournalRecord[]): string[] {
  const problems: string[] = [];
  for (const migration of pending) {
    const later = newestApplied(records, migration);
    if (later) {
      problems.push(
        `${migration.file} is pending and older than ${later}, which is applied: give it a later version`,
      );
    }
  }
  const lastExpand = pending.filter(({ phase }) => phase === "expand").at(-1);
  for (const { file, version, phase } of pending) {
    if (phase === "contract" && lastExpand && version < lastExpand.version) {
      problems.push(
        `${file} (contract) is older than ${lastExpand.file} (expand), which would run before it: give it a later version`,
      );
    }
  }
  return problems;
}

/** What cannot be taken back where the stack's policy wants that it can. */
export function oneWayProblems(
  migrations: LoadedMigration[],
  { requireDown }: Pick<MigrationRules, "requireDown">,
): string[] {
  return migrations
    .filter(({ down, undo }) => requireDown && !down && !undo)
    .map(({ file }) => `${file} has no \`down\`, and here each migration must have one`);
}

/** What a migration says it depends on must be there, and come before it. */
export function dependencyProblems(loaded: LoadedMigration[], files: MigrationFile[]): string[] {
  return loaded.flatMap(({ file, version, dependsOn }) =>
    dependsOn
      .filter((one) => one >= version || !files.some((other) => other.version === one))
      .map((one) => `${file} depends on ${one}, which is no migration before it`),
  );
}

/** The newest one that is in effect although this one should have come first; a hole that was left on purpose is none. */
function newestApplied(records: JournalRecord[], { phase, version }: LoadedMigration): string | undefined {
  return records
    .filter((record) => isApplied(record) && record.phase === phase && record.version > version)
    .filter((record) => !record.holes.includes(version))
    .map((record) => record.version)
    .sort()
    .at(-1);
}
