import type { PastRelease } from "./history";

/** How releases went lately, in three numbers; null where there was none to tell of. */
export interface Summary {
  days: number;
  ended: number;
  successPercent: number | null;
  meanSeconds: number | null;
  /** The mean of as many days before these, to see where it goes. */
  meanSecondsBefore: number | null;
}

const dayMs = 24 * 3600_000;

/** Sums up the releases of the last days; one that runs is neither good nor bad. */
export function summaryOf(history: readonly PastRelease[], now: Date, days: number): Summary {
  const since = now.getTime() - days * dayMs;
  const ended = history.filter(({ seconds }) => seconds !== null);
  const lately = ended.filter(({ startedAt }) => startedAt.getTime() >= since);
  const before = ended.filter(
    ({ startedAt }) => startedAt.getTime() < since && startedAt.getTime() >= since - days * dayMs,
  );
  const good = lately.filter(({ state }) => state === "done").length;
  return {
    days,
    ended: lately.length,
    successPercent: lately.length === 0 ? null : (good / lately.length) * 100,
    meanSeconds: meanSeconds(lately),
    meanSecondsBefore: meanSeconds(before),
  };
}

/** Of those that ended well: how long a failure took tells nothing of how long a release takes. */
function meanSeconds(releases: readonly PastRelease[]): number | null {
  const good = releases.filter(({ state }) => state === "done");
  if (good.length === 0) return null;
  return good.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0) / good.length;
}
