import type { LoadedMigration } from "./exports";
import type { MigrationFile } from "./folder";
import type { MigrationPhase } from "./migration";
import { isApplied, type JournalRecord } from "./record";

/** What is wrong between the files and the journal. */
export function journalProblems(files: MigrationFile[], records: JournalRecord[]): string[] {
  const newest = files.at(-1)?.version ?? "";
  const problems: string[] = [];
  for (const record of records.filter(isApplied)) {
    const file = files.find(({ version }) => version === record.version);
    if (!file) {
      problems.push(
        record.version > newest
          ? `the database is ahead of this checkout: ${record.version} (${record.description}) is applied and later than all its files; use the checkout that has it`
          : `${record.file} is applied and its file is missing: bring it back`,
      );
    } else if (file.checksum !== record.checksum) {
      problems.push(
        `${file.file} was changed after it was applied: put it back as it was, and make the change in a new migration`,
      );
    }
  }
  return problems;
}

/** What is wrong with the order in which the pending ones would run. */
export function orderProblems(pending: LoadedMigration[], records: JournalRecord[]): string[] {
  const problems: string[] = [];
  for (const migration of pending) {
    const later = newestApplied(records, migration.phase);
    if (later && later > migration.version) {
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

function newestApplied(records: JournalRecord[], phase: MigrationPhase): string | undefined {
  return records
    .filter((record) => isApplied(record) && record.phase === phase)
    .map(({ version }) => version)
    .sort()
    .at(-1);
}
