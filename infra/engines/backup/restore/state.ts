import type { Db } from "mongodb";
import { connect, type DatabaseAddress } from "../../../drivers/mongo";
import { silent, type Progress } from "../../../support";
import { HalfRestoredError } from "../errors";
import { restoreFailure } from "../server-failures";
import { NothingToUndoError } from "./errors";
import { RestoreJournal, type JournalEntry, type RestorePhase } from "./journal";
import { finish, recover, refuseHalf } from "./recover";

/** A restore that is not over, or can still be undone. */
export interface RestoreState {
  id: string;
  phase: RestorePhase;
  archive: string;
  startedAt: string;
  /** What the next restore, `confirmRestore` or `undoRestore` does with it. */
  means: string;
  /** Of a restore in place: the archive of what stood there before. */
  safetyArchive: string | null;
  /** Old collections under the names that they have now. */
  kept: string[];
}

/** What confirming or undoing did. */
export interface RestoreSettled {
  restores: string[];
  collections: string[];
}

export interface SettleOptions {
  progress?: Progress | undefined;
  signal?: AbortSignal | undefined;
}

const meanings: Record<RestorePhase, string> = {
  loading: "shadow collections fill or were left; the database is as it was, and the next run removes them",
  switching: "the database is between its old and its new collections; the next run completes the switch",
  kept: "the restore is done; the old collections wait for a confirmation or an undo",
  undoing: "the database is on its way back to its old collections; the next run completes it",
  confirming: "the restore is confirmed; the next run drops what is left of the old collections",
  "in-place": "the database holds only a part of the archive; restore again, or restore its safety archive",
};

/** Every restore of a database that left something, oldest first; empty when all is over. */
export async function restoreState(
  address: DatabaseAddress,
  options: SettleOptions = {},
): Promise<RestoreState[]> {
  return withJournal(address, options, async (_db, journal) => (await journal.all()).map(stateOf));
}

const half: readonly RestorePhase[] = ["switching", "undoing", "in-place"];

/** Refuses to take a database for whole that a restore is changing or left half. */
export async function refuseHalfRestored(db: Db): Promise<void> {
  const entry = (await new RestoreJournal(db).all()).find(({ phase }) => half.includes(phase));
  if (entry) throw new HalfRestoredError(db.databaseName, entry.archive);
}

/** Drops the old collections of all restores that are done; completes first what was interrupted. */
export async function confirmRestore(
  address: DatabaseAddress,
  options: SettleOptions = {},
): Promise<RestoreSettled> {
  return withJournal(address, options, async (db, journal) => {
    const run = { db, journal, progress: options.progress ?? silent };
    refuseHalf(db.databaseName, await recover(run));
    const kept = (await journal.all()).filter(({ phase }) => phase === "kept");
    for (const entry of kept) await settle(run, entry, "confirming");
    return settled(kept);
  });
}

/** Puts the collections back that the last restore replaced, as they were; completes first what was interrupted. */
export async function undoRestore(
  address: DatabaseAddress,
  options: SettleOptions = {},
): Promise<RestoreSettled> {
  return withJournal(address, options, async (db, journal) => {
    const run = { db, journal, progress: options.progress ?? silent };
    const undoing = (await journal.all()).filter(({ phase }) => phase === "undoing");
    refuseHalf(db.databaseName, await recover(run));
    // Interrupted in its middle it is over now: once more would undo the restore before.
    if (undoing.length > 0) return settled(undoing);
    const last = (await journal.all()).findLast(({ phase }) => phase === "kept");
    if (!last) throw new NothingToUndoError(db.databaseName);
    await settle(run, last, "undoing");
    return settled([last]);
  });
}

async function settle(
  run: Parameters<typeof finish>[0],
  entry: JournalEntry,
  phase: "confirming" | "undoing",
): Promise<void> {
  await run.journal.takeOver(entry);
  await run.journal.set(entry, { phase, done: 0 });
  await finish(run, entry);
}

function settled(entries: readonly JournalEntry[]): RestoreSettled {
  return {
    restores: entries.map(({ _id }) => _id),
    collections: entries.flatMap(keptBy),
  };
}

const keptBy = ({ plan }: JournalEntry) =>
  plan.confirm.flatMap((step) => (step.do === "drop" ? [step.name] : []));

function stateOf(entry: JournalEntry): RestoreState {
  const { _id, phase, archive, startedAt, safety } = entry;
  return {
    id: _id,
    phase,
    archive,
    startedAt: startedAt.toISOString(),
    means: meanings[phase],
    safetyArchive: safety ?? null,
    kept: keptBy(entry),
  };
}

async function withJournal<T>(
  address: DatabaseAddress,
  { signal }: SettleOptions,
  work: (db: Db, journal: RestoreJournal) => Promise<T>,
): Promise<T> {
  const client = await connect(address, "migration", { signal, appName: "dnd-restore" });
  const db = client.db(address.name);
  const journal = new RestoreJournal(db);
  try {
    return await work(db, journal);
  } catch (error) {
    await journal.release();
    throw restoreFailure(error, address.name);
  } finally {
    await client.close();
  }
}
