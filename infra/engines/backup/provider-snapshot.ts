import { messageOf, silent, withDeadline, type Progress } from "../../support";

/** Begins the snapshot that the database's provider makes, and gives its id. */
export type SnapshotStarter = (signal: AbortSignal) => Promise<string>;

const deadlineMs = 60_000;

/** Its id as soon as it is begun, null where it could not be: that is told, and takes nothing from the archive. */
export async function begunSnapshot(
  start: SnapshotStarter | undefined,
  { warn = silent, signal }: { warn?: Progress | undefined; signal?: AbortSignal | undefined },
): Promise<string | null> {
  if (!start) return null;
  try {
    return await withDeadline(deadlineMs, start, signal);
  } catch (error) {
    if (!signal?.aborted) warn(`no snapshot was begun beside the archive: ${messageOf(error)}`);
    return null;
  }
}
