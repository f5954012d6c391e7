import type { Db } from "mongodb";
import type { LoadedMigration } from "./exports";
import { loadMigrations, readMigrationFolder, type MigrationFile } from "./folder";
import { readJournal } from "./journal";
import {
  dependencyProblems,
  journalProblems,
  orderProblems,
  unfiledOf,
  type SchemaRange,
  type Unfiled,
} from "./problems";
import { isApplied, type JournalRecord } from "./record";

/** Files and journal side by side. */
export interface Look {
  files: MigrationFile[];
  records: JournalRecord[];
  /** What would run, in order. */
  pending: LoadedMigration[];
  problems: string[];
  unfiled: Unfiled;
}

/** Reads the folder and the journal and writes nothing; without a database nothing is applied. */
export async function look(folder: string, db: Db | null, schema?: SchemaRange | undefined): Promise<Look> {
  const { files, problems } = readMigrationFolder(folder);
  const records = db ? await readJournal(db) : [];
  const applied = new Set(records.filter(isApplied).map(({ version }) => version));
  // What is applied and unchanged was loaded when it ran: only the others are worth the time.
  const { loaded: pending, problems: unloadable } = loadMigrations(
    files.filter(({ version }) => !applied.has(version)),
  );
  const unfiled = unfiledOf(files, records, schema);
  return {
    files,
    records,
    pending,
    problems: [
      ...problems,
      ...unloadable,
      ...journalProblems(files, records, unfiled),
      ...orderProblems(pending, records),
      ...dependencyProblems(pending, files),
    ],
    unfiled,
  };
}
