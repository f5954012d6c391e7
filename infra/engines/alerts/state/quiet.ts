import type { Alert } from "../alert";
import type { Rule } from "../rules/rule";

/** Somebody wants to hear nothing of a rule or a subject for a while. */
export interface Silence {
  _id: string;
  version: 1;
  rule: string | null;
  subject: string | null;
  until: Date;
  by: string;
  reason: string;
  at: Date;
}

/** What keeps alerts from being told at a time. */
export interface Quiet {
  silences: readonly Silence[];
  /** A maintenance window is open: nothing is told but that the database is gone. */
  maintenance: boolean;
  /** The release that is under way. */
  releaseInProgress: number | null;
}

export const nothingQuiet: Quiet = { silences: [], maintenance: false, releaseInProgress: null };

/** Whether somebody has silenced this one, which tells that they are at it. */
export function isTakenUp(alert: Alert, { silences }: Quiet, now: Date): boolean {
  const own = alert.silencedUntil !== undefined && alert.silencedUntil > now;
  return own || silences.some((silence) => covers(silence, alert, now));
}

/** Why nobody is told of an alert at this time; undefined where it is told. */
export function whyQuiet(
  alert: Alert,
  rules: ReadonlyMap<string, Rule>,
  quiet: Quiet,
  now: Date,
): string | undefined {
  if (alert.dryRun) return "the rule is only tried out";
  if (alert.silencedUntil && alert.silencedUntil > now) return "it is silenced";
  const silence = quiet.silences.find((one) => covers(one, alert, now));
  if (silence) return `${silence.by} silenced it: ${silence.reason}`;
  const isMeasured = rules.has(alert.rule);
  if (quiet.maintenance && isMeasured && alert.rule !== "databaseDown") return "maintenance";
  if (quiet.releaseInProgress !== null && rules.get(alert.rule)?.quietInRelease)
    return `release ${quiet.releaseInProgress} is in progress`;
  return undefined;
}

function covers({ rule, subject, until }: Silence, alert: Alert, now: Date): boolean {
  return (
    until > now && (rule === null || rule === alert.rule) && (subject === null || subject === alert.subject)
  );
}
