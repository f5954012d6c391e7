import { commitOf } from "./checkout";
import { withDatabases } from "./connection";
import { MigrationsRefusedError, UnknownVersionError } from "./errors";
import { readMigrationFolder } from "./folder";
import { acceptChecksum, ensureJournal, readJournal } from "./journal";
import { withLease } from "./lease";
import { isApplied } from "./record";
import type { RunBase } from "./run";
import { runner } from "./runner";

/** An applied migration whose changed file was accepted. */
export interface Repaired {
  version: string;
  file: string;
  before: string;
  now: string;
}

export interface RepairOptions extends Pick<RunBase, "address" | "folder" | "signal" | "lock"> {
  /** All that have changed unless some are named. */
  versions?: string[];
  /** Stays in the record. */
  reason: string;
}

/** Accepts deliberately that files of applied migrations were changed since: of those that are named, or of all. */
export async function repairMigrations(options: RepairOptions): Promise<Repaired[]> {
  const { address, folder, versions, reason, signal, lock } = options;
  const { files, problems } = readMigrationFolder(folder);
  if (problems.length > 0) throw new MigrationsRefusedError(problems);
  return withDatabases(address, signal, async ({ client, db, ops }) =>
    withLease({ client, db, ops, reason: "repairing the journal", signal }, lock ?? {}, async (lease) => {
      await ensureJournal(db);
      const applied = (await readJournal(db)).filter(isApplied);
      const unknown = versions?.find((one) => !applied.some(({ version }) => version === one));
      if (unknown !== undefined) throw new UnknownVersionError(unknown);
      const repaired: Repaired[] = [];
      for (const record of applied.filter(({ version }) => versions?.includes(version) ?? true)) {
        const file = files.find(({ version }) => version === record.version);
        if (!file || file.checksum === record.checksum) continue;
        lease.assertHeld();
        const said = `${new Date().toISOString()} ${runner().by} accepted the changed file: ${reason}`;
        await acceptChecksum(db, record, { ...file, commit: commitOf(folder), said });
        repaired.push({
          version: record.version,
          file: file.file,
          before: record.checksum,
          now: file.checksum,
        });
      }
      return repaired;
    }),
  );
}
