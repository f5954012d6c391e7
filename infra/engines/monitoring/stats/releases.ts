import type { Collection, Db } from "mongodb";
import { within, type Period } from "./period";

/** A release of the journal, as much of it as the figures ask for. */
export interface JournalRelease {
  _id: number;
  state: "running" | "done" | "failed";
  environment: string;
  image: { version: string };
  startedAt: Date;
  finishedAt: Date | null;
  steps: { name: string; outcome: "done" | "failed"; at: Date; durationMs: number }[];
}

export function releasesIn(ops: Db): Collection<JournalRelease> {
  return ops.collection<JournalRelease>("releases");
}

/** The condition on releases that a period makes; a server that forbids table scans reads them by their numbers. */
export function releasesOf(period: Period): object {
  const startedAt = within(period);
  return {
    _id: { $gt: 0 },
    ...(period.environment === undefined ? {} : { environment: period.environment }),
    ...(startedAt ? { startedAt } : {}),
  };
}
