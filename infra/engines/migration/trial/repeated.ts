import type { Db } from "mongodb";
import { connect, type DatabaseAddress } from "../../../drivers/mongo";
import { messageOf } from "../../../support";
import { MigrationFailedError } from "../errors";
import { loadMigrations, readMigrationFolder } from "../folder";
import { isReserved, journalName } from "../reserved";
import { runMigrations, type RunOptions } from "../run";

type Again = Pick<RunOptions, "folder" | "progress" | "signal" | "timeoutMs">;

/**
 * Runs a migration that says it bears being repeated a second time, on the trial's database; gives what that changed,
 * for after a crash the same would happen to the live one.
 */
export async function whyNotRepeatable(
  address: DatabaseAddress,
  version: string,
  base: Again,
): Promise<string | undefined> {
  if (!saysItBearsIt(base.folder, version)) return undefined;
  const client = await connect(address, "migration", { appName: "dnd-trial", signal: base.signal });
  const db = client.db(address.name);
  const journal = db.collection<{ _id: string }>(journalName);
  const again = () => runMigrations({ ...base, address, phase: "all", release: null, versions: [version] });
  const first = await journal.findOne({ _id: version });
  try {
    const before = await hashes(db);
    await journal.updateOne({ _id: version }, interrupted);
    await again();
    const changed = differing(before, await hashes(db));
    return changed.length > 0
      ? `run a second time, as after a crash, it changes ${changed.join(", ")} again although it says \`idempotent: true\``
      : undefined;
  } catch (error) {
    base.signal?.throwIfAborted();
    // Its `down` may have taken all of it back, on which the next ones build.
    await again().catch(() => undefined);
    return `run a second time, as after a crash, it fails: ${lastReason(error)}`;
  } finally {
    // What counts of it, its time above all, is the first run.
    if (first) await journal.replaceOne({ _id: version }, first);
    await client.close();
  }
}

function lastReason(error: unknown): string {
  return messageOf(error instanceof MigrationFailedError ? error.details.cause : error);
}

function differing(one: Map<string, string>, other: Map<string, string>): string[] {
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name)).sort();
}

/** As a run leaves a record that is killed just before the end. */
const interrupted = { $set: { state: "running", partial: true, finishedAt: null } };

function saysItBearsIt(folder: string, version: string): boolean {
  const files = readMigrationFolder(folder).files.filter((file) => file.version === version);
  return loadMigrations(files).loaded.some(
    ({ transaction, idempotent, foreign, afterCrash }) =>
      !transaction && idempotent && !foreign && afterCrash === "complete",
  );
}

/** What each collection holds, without those of the engine. */
async function hashes(db: Db): Promise<Map<string, string>> {
  const { collections } = (await db.command({ dbHash: 1 })) as { collections: Record<string, string> };
  return new Map(Object.entries(collections).filter(([name]) => !isReserved(name)));
}
