import type { JournalEntry } from "../journal";

/** The five figures of how well a team delivers, of one stretch of time; null where nothing tells. */
export interface DoraFigures {
  since: Date;
  until: Date;
  /** Releases that went well and brought something new. */
  deployments: number;
  deploymentsPerDay: number;
  /** From the commit to its release, the middle one of all. */
  leadTimeSeconds: number | null;
  /** The share of releases that failed or were taken back, in percent. */
  changeFailurePercent: number | null;
  /** From the failure of a release to the next one that went well, the middle one of all. */
  recoverySeconds: number | null;
  /** The share of releases that only mended what an earlier one broke, in percent. */
  reworkPercent: number | null;
}

export interface DoraWish {
  since: Date;
  until: Date;
  /** When a commit was made; undefined where nobody knows. */
  committedAt: (commit: string) => Date | undefined;
}

const dayMs = 24 * 3_600_000;

/** Works the figures out of the journal, whose releases come oldest first. */
export function doraFigures(journal: readonly JournalEntry[], wish: DoraWish): DoraFigures {
  const { since, until } = wish;
  const within = journal.filter(({ startedAt }) => startedAt >= since && startedAt < until);
  const attempts = within.filter((one) => one.kind === "forward" && one.state !== "running");
  const deployed = attempts.filter(({ state }) => state === "done");
  const failures = attempts.filter((one) => hasFailed(one, journal));
  return {
    since,
    until,
    deployments: deployed.length,
    deploymentsPerDay: deployed.length / Math.max(1 / 24, (until.getTime() - since.getTime()) / dayMs),
    leadTimeSeconds: median(deployed.flatMap((one) => leadTime(one, wish) ?? [])),
    changeFailurePercent: percentOf(failures, attempts),
    recoverySeconds: median(failures.flatMap((one) => recoveryTime(one, journal) ?? [])),
    reworkPercent: percentOf(
      deployed.filter((one) => isRework(one, journal)),
      deployed,
    ),
  };
}

/** Failed by itself, or taken back later. */
export function hasFailed(release: JournalEntry, journal: readonly JournalEntry[]): boolean {
  return release.state === "failed" || takenBackBy(release, journal) !== undefined;
}

function takenBackBy(release: JournalEntry, journal: readonly JournalEntry[]): JournalEntry | undefined {
  return journal.find((one) => one.rollbackOf === release._id && one.state === "done");
}

function leadTime({ commit, finishedAt }: JournalEntry, { committedAt }: DoraWish): number | undefined {
  const committed = commit === null ? undefined : committedAt(commit);
  if (!committed || !finishedAt) return undefined;
  return Math.max(0, (finishedAt.getTime() - committed.getTime()) / 1000);
}

/** What was taken back failed when it was brought: from then on people had it. */
function recoveryTime(failed: JournalEntry, journal: readonly JournalEntry[]): number | undefined {
  const from = failed.finishedAt ?? failed.startedAt;
  const recovered = journal.find(
    (one) => one._id > failed._id && one.state === "done" && one.finishedAt !== null,
  );
  return recovered?.finishedAt
    ? Math.max(0, (recovered.finishedAt.getTime() - from.getTime()) / 1000)
    : undefined;
}

/** The first that went well after one that failed was not planned: it mends. */
function isRework(release: JournalEntry, journal: readonly JournalEntry[]): boolean {
  const before = journal.findLast(
    (one) => one._id < release._id && one.kind === "forward" && one.state !== "running",
  );
  return before !== undefined && hasFailed(before, journal);
}

function percentOf(some: readonly unknown[], all: readonly unknown[]): number | null {
  return all.length === 0 ? null : (100 * some.length) / all.length;
}

/** The middle value; of an even count the mean of the two in the middle. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [lower, upper] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
