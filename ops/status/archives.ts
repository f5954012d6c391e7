import type { ListedArchive, RecoveryFacts, RecoveryPromise } from "../../infra/engines/backup";
import { openStore, type ArchiveStore } from "../../infra/drivers/store";
import { formatDuration, messageOf, withDeadline } from "../../infra/support";
import { backupSchedule } from "../../stacks/settings";
import { engine, type BackupPlace } from "../backup";

export interface ArchivesStatus {
  store: string;
  /** The newest good one. */
  newest: Pick<ListedArchive, "id" | "takenAt" | "bytes" | "release"> | null;
  recovery: RecoveryPromise;
  /** When the next one is made by itself; null where nothing makes them. */
  next: string | null;
  problems: string[];
}

const dayMs = 24 * 3_600_000;
const patienceMs = 15_000;

/** What could be lost, and how long the way back takes, from the archives and the drills there are. */
export async function lookAtArchives(
  place: BackupPlace,
  documentBytes: number,
  signal?: AbortSignal,
): Promise<ArchivesStatus> {
  try {
    const read = (limit: AbortSignal) => readArchives(place, openStore(place.store, limit), documentBytes);
    return await withDeadline(patienceMs, read, signal);
  } catch (error) {
    const unknown = engine().recoveryPromise({ ...nothingKnown, documentBytes, now: new Date() });
    const late = error instanceof Error && error.name === "TimeoutError";
    const why = late ? `no answer within ${formatDuration(patienceMs)}` : messageOf(error);
    return {
      store: place.store,
      newest: null,
      recovery: unknown,
      next: null,
      problems: [`the archives cannot be read: ${why}`],
    };
  }
}

async function readArchives(
  place: BackupPlace,
  store: ArchiveStore,
  documentBytes: number,
): Promise<ArchivesStatus> {
  const schedule = place.settings ? backupSchedule(place.settings) : null;
  const archives = await engine().listDescribed(store, filterOf(place));
  const [newest] = archives;
  const lastArchive = newest ? new Date(newest.takenAt) : null;
  const recovery = engine().recoveryPromise({
    everyMs: schedule === null ? null : dayMs,
    lastArchive,
    archiveTakesMs: (await expected(place, store, documentBytes)) ?? 0,
    lastDrill: await lastDrill(store, archives),
    documentBytes,
    now: new Date(),
  });
  return {
    store: place.store,
    newest: newest
      ? { id: newest.id, takenAt: newest.takenAt, bytes: newest.bytes, release: newest.release }
      : null,
    recovery,
    next: nextOf(schedule, lastArchive),
    problems: recovery.overdue ? ["an archive is overdue: `dnd backup create` takes one"] : [],
  };
}

const nothingKnown = { everyMs: null, lastArchive: null, archiveTakesMs: 0, lastDrill: null };

function filterOf({ database, environment }: BackupPlace) {
  return { ...(database ? { database } : {}), ...(environment ? { environment } : {}) };
}

async function expected(
  { database }: BackupPlace,
  store: ArchiveStore,
  bytes: number,
): Promise<number | null> {
  return database === undefined ? null : engine().expectedDuration(store, { database, bytes });
}

/** The newest restore of an archive that was proven right. */
async function lastDrill(
  store: ArchiveStore,
  archives: readonly ListedArchive[],
): Promise<RecoveryFacts["lastDrill"]> {
  const drills = archives.flatMap(({ id, verifications }) =>
    verifications.filter(({ kind, ok }) => kind === "restore" && ok).map((one) => ({ id, ...one })),
  );
  const [last] = drills.sort((one, other) => other.at.localeCompare(one.at));
  if (!last) return null;
  const { manifest } = await engine().describeArchive(store, last.id);
  const documentBytes = manifest.collections.reduce((sum, { bytes }) => sum + bytes, 0);
  return { at: new Date(last.at), durationMs: last.durationMs, documentBytes };
}

function nextOf(schedule: string | null, newest: Date | null): string | null {
  const daily = schedule === null ? undefined : engine().parseSchedule(schedule);
  if (!daily) return null;
  const now = new Date();
  return engine()
    .viewSchedule(daily, { newest, since: newest ?? now, now })
    .next.toISOString();
}
