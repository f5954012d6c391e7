import type { DatabaseAddress } from "../../drivers/mongo";
import { withDatabases } from "./connection";
import { readMigrationFolder } from "./folder";
import { readJournal } from "./journal";
import { isApplied } from "./record";

/** As much of a checksum as tells two editions of a file apart. */
const shortLength = 16;

/** The migrations of a folder by version, each with the beginning of its file's checksum. */
export function checksumsOf(folder: string): Record<string, string> {
  return shortened(readMigrationFolder(folder).files);
}

/** The same of the migrations in effect in a database, by the files that made them. Reads only. */
export function checksumsIn(address: DatabaseAddress, signal?: AbortSignal): Promise<Record<string, string>> {
  return withDatabases(address, signal, async ({ db }) =>
    shortened((await readJournal(db)).filter(isApplied)),
  );
}

function shortened(all: { version: string; checksum: string }[]): Record<string, string> {
  return Object.fromEntries(all.map(({ version, checksum }) => [version, checksum.slice(0, shortLength)]));
}
