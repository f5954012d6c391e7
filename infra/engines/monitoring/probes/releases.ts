import type { Db } from "mongodb";
import type { Figure } from "../figure";
import { releasesSince, type JournalEntry } from "../journal";
import type { Probe } from "./probe";

const weekMs = 7 * 24 * 3_600_000;

/** Probes how releases went in the last week. */
export function releasesProbe(ops: Db, environment: string): Probe {
  return {
    name: "releases",
    look: async (at) => {
      const since = new Date(at.getTime() - weekMs);
      return releaseFigures(await releasesSince(ops, { environment, since }), at);
    },
  };
}

/** Without a release that ended there is nothing to say. */
export function releaseFigures(releases: readonly JournalEntry[], at: Date): Figure[] {
  const ended = releases.filter(({ state }) => state !== "running");
  const newest = ended.at(-1);
  if (!newest) return [];
  const done = ended.filter(({ state }) => state === "done").length;
  const seconds = secondsOf(newest);
  const about = { subject: "releases", at };
  return [
    {
      ...about,
      name: "successPercent",
      value: (100 * done) / ended.length,
      note: `${done} of ${ended.length} releases of the last 7 days`,
    },
    ...(seconds === null
      ? []
      : [{ ...about, name: "deploymentSeconds" as const, value: seconds, note: `release ${newest._id}` }]),
  ];
}

/** How long a release took; null while it runs. */
export function secondsOf({ startedAt, finishedAt }: JournalEntry): number | null {
  return finishedAt === null ? null : Math.max(0, (finishedAt.getTime() - startedAt.getTime()) / 1000);
}
