import { loadMigrations, readMigrationFolder } from "./folder";
import { dependencyProblems } from "./problems";

/** What is wrong with a folder. */
export interface FolderValidation {
  ok: boolean;
  total: number;
  problems: string[];
}

/** Checks a folder without any database: names, versions, exports, dependencies. */
export function validateMigrations(folder: string): FolderValidation {
  const { files, problems } = readMigrationFolder(folder);
  const { loaded, problems: unloadable } = loadMigrations(files);
  const all = [...problems, ...unloadable, ...dependencyProblems(loaded, files)];
  return { ok: all.length === 0, total: files.length, problems: all };
}
