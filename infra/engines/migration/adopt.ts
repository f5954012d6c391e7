import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ClientSession, Db } from "mongodb";
import {
  findChangelog,
  movedName,
  type Changelog,
  type ChangelogEntry,
  type ChangelogTool,
} from "./changelog";
import { commitOf } from "./checkout";
import { withDatabases } from "./connection";
import { MigrationsRefusedError, NothingToAdoptError } from "./errors";
import { readMigrationFolder, type MigrationFile } from "./folder";
import { ensureJournal, insertRecords, readJournal } from "./journal";
import { withLease, type Lease } from "./lease";
import type { JournalRecord } from "./record";
import { journalName } from "./reserved";
import type { RunBase } from "./run";
import { runner } from "./runner";

export interface AdoptOptions extends Pick<RunBase, "address" | "folder" | "signal" | "lock"> {
  /** Found by itself unless it is said. */
  from?: ChangelogTool | undefined;
  /** The tool's own collection, where it was given another name. */
  collection?: string | undefined;
  /** Says what would be taken over, and writes nothing. */
  dryRun?: boolean;
}

export interface Adopted {
  tool: ChangelogTool;
  collection: string;
  /** What is in the journal now and was not before. */
  adopted: { version: string; name: string; appliedAt: Date; file: string | null }[];
  /** What the journal had already. */
  known: string[];
}

/** Takes over what another tool has applied: the journal then goes on from there, and the changelog stays as it is. */
export async function adoptChangelog(options: AdoptOptions): Promise<Adopted> {
  const { address, folder, signal, lock, dryRun = false } = options;
  const { files, problems } = readMigrationFolder(folder);
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
  return withDatabases(address, signal, async ({ client, db, ops }) => {
    const found = await findChangelog(db, options);
    if (!found) throw new NothingToAdoptError(address.name);
    refuseWrong(found, files);
    if (dryRun) return told(found, files, found.collection === journalName ? [] : await readJournal(db));
    const reason = `taking over from ${found.tool}`;
    return withLease({ client, db, ops, reason, signal }, lock ?? {}, (lease) =>
      takeOver(db, lease, found, files, commitOf(folder)),
    );
  });
}

async function takeOver(
  db: Db,
  lease: Lease,
  found: Changelog,
  files: MigrationFile[],
  commit: string | null,
): Promise<Adopted> {
  // One step of the server: whoever is killed after it finds the entries under the other name.
  if (found.collection === journalName) await db.collection(journalName).rename(movedName);
  await ensureJournal(db);
  const before = await readJournal(db);
  const result = told(found, files, before);
  const records = result.adopted.map(({ version, name, appliedAt }) =>
    recordFor({ version, name, appliedAt, checksum: undefined }, found, files, {
      token: lease.token,
      commit,
    }),
  );
  lease.assertHeld();
  await insertAll(db, records, lease.session);
  return result;
}

async function insertAll(db: Db, records: JournalRecord[], session: ClientSession): Promise<void> {
  if (records.length === 0) return;
  await session.withTransaction(() => insertRecords(db, records, session));
}

function told(
  { tool, collection, entries }: Changelog,
  files: MigrationFile[],
  journal: JournalRecord[],
): Adopted {
  const known = new Set(journal.map(({ version }) => version));
  return {
    tool,
    collection,
    adopted: entries
      .filter(({ version }) => !known.has(version))
      .map(({ version, name, appliedAt }) => {
        const file = files.find((one) => one.version === version)?.file ?? null;
        return { version, name, appliedAt, file };
      }),
    known: entries.map(({ version }) => version).filter((version) => known.has(version)),
  };
}

/** Two of one version, and files that were changed since the tool ran them, are for people to look at. */
function refuseWrong({ entries, tool }: Changelog, files: MigrationFile[]): void {
  const problems = entries.flatMap((entry, n) => {
    const twin = entries.slice(0, n).find(({ version }) => version === entry.version);
    return [
      ...(twin ? [`${twin.name} and ${entry.name} have the same version in ${tool}'s changelog`] : []),
      ...(isChanged(entry, files) ? [`${entry.name} was changed after ${tool} had applied it`] : []),
    ];
  });
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
}

function isChanged({ version, checksum }: ChangelogEntry, files: MigrationFile[]): boolean {
  const file = files.find((one) => one.version === version);
  if (!file || checksum === undefined) return false;
  return createHash("sha256").update(readFileSync(file.path)).digest("hex") !== checksum;
}

const noChecksum = "0".repeat(64);

function recordFor(
  { version, name, appliedAt }: ChangelogEntry,
  { tool, collection }: Changelog,
  files: MigrationFile[],
  { token, commit }: { token: number; commit: string | null },
): JournalRecord {
  const file = files.find((one) => one.version === version);
  return {
    _id: version,
    documentVersion: 1,
    version,
    file: file?.file ?? name,
    description: name.replaceAll(/^\d+-|\.\w+$/g, "").replaceAll(/[-_]+/g, " "),
    checksum: file?.checksum ?? noChecksum,
    phase: "expand",
    transaction: false,
    state: "applied",
    direction: "up",
    startedAt: appliedAt,
    finishedAt: appliedAt,
    executedAt: appliedAt,
    durationMs: null,
    ...runner(),
    release: null,
    token,
    error: null,
    partial: false,
    cursors: [],
    commit,
    log: [`taken over from ${collection}`],
    touched: [],
    holes: [],
    preImages: "none",
    adopted: tool,
  };
}
