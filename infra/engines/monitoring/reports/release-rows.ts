import type { JournalEntry } from "../journal";
import { secondsOf } from "../probes";

/** A release as one row of an export. */
export interface ReleaseRow {
  release: number;
  environment: string;
  kind: string;
  outcome: string;
  version: string;
  commit: string;
  startedAt: string;
  finishedAt: string;
  seconds: number | null;
}

/** The releases of a journal as rows. */
export function releaseRows(journal: readonly JournalEntry[]): ReleaseRow[] {
  return journal.map((one) => ({
    release: one._id,
    environment: one.environment,
    kind: one.kind,
    outcome: one.state,
    version: one.image.version,
    commit: one.commit ?? "",
    startedAt: one.startedAt.toISOString(),
    finishedAt: one.finishedAt?.toISOString() ?? "",
    seconds: secondsOf(one),
  }));
}
