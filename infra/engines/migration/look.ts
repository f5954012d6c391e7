import type { Db } from "mongodb";
import type { LoadedMigration } from "./exports";
import { loadMigrations, readMigrationFolder, type MigrationFile, type MigrationFolder } from "./folder";
import { readJournal } from "./journal";
import {
  dependencyProblems,
  journalProblems,
  orderProblems,
  unfiledOf,
  type MigrationRules,
  type Unfiled,
} from "./problems";
import { isApplied, type JournalRecord } from "./record";

/** Files and journal side by side. */
export interface Look {
  folder: MigrationFolder;
  files: MigrationFile[];
  records: JournalRecord[];
  /** What would run, in order. */
  pending: LoadedMigration[];
  problems: string[];
  unfiled: Unfiled;
}

/** Reads the folder and the journal and writes nothing; without a database nothing is applied. */
export async function look(folder: string, db: Db | null, rules: MigrationRules = {}): Promise<Look> {
  return compare(readMigrationFolder(folder), [], db, rules);
}

/** Looks at the journal again. The files stay those of the first look, whose code is loaded. */
export async function lookAgain(first: Look, db: Db, rules: MigrationRules = {}): Promise<Look> {
  return compare(first.folder, first.pending, db, rules);
}

async function compare(
  folder: MigrationFolder,
  known: LoadedMigration[],
  db: Db | null,
  rules: MigrationRules,
): Promise<Look> {
  const { files, problems } = folder;
  const records = db ? await readJournal(db) : [];
  const applied = new Set(records.filter(isApplied).map(({ version }) => version));
  // What is applied and unchanged was loaded when it ran: only the others are worth the time.
  const waiting = files.filter(({ version }) => !applied.has(version));
  const loadedBefore = new Map(known.map((one) => [one.file, one]));
  const { loaded, problems: unloadable } = loadMigrations(
    waiting.filter(({ file }) => !loadedBefore.has(file)),
  );
  for (const one of loaded) loadedBefore.set(one.file, one);
  const pending = waiting.flatMap(({ file }) => loadedBefore.get(file) ?? []);
  const unfiled = unfiledOf(files, records, rules.schema);
  return {
    folder,
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
