/** How bad it is: a warning wants a look today, a critical one now. */
export type AlertLevel = "warning" | "critical";

/** An alert as `alerts` keeps it: one document from the first bad figure to the end of it. */
export interface Alert {
  /** `${rule}:${subject}:${since}`. */
  _id: string;
  version: 1;
  /** `${rule}:${subject}`: of all alerts with one key at most one is open. */
  key: string;
  rule: string;
  subject: string;
  environment: string;
  level: AlertLevel;
  title: string;
  text: string;
  value: number | null;
  threshold: number | null;
  since: Date;
  /** Null as long as it has not lasted for the rule's time. */
  firedAt: Date | null;
  resolvedAt: Date | null;
  resolved: boolean;
  /** Nothing is to be told of it any more: it is over, and whoever heard of it knows. */
  done: boolean;
  resolvedBy?: string;
  release?: number;
  /** The key of the open alert that explains this one: nobody is told of both. */
  parent?: string;
  /** When its parent was over: it speaks up if it then lasts for its rule's time. */
  freedAt?: Date;
  silencedUntil?: Date;
  /** Somebody took it up by silencing it, and that was told. */
  takenUpAt?: Date;
  /** The rule is only tried out: it is recorded, and nobody is told. */
  dryRun?: boolean;
  /** What people were last told, and when; null as long as nobody was. */
  told: { level: AlertLevel; at: Date; times: number } | null;
  /** What it was told in: its own `_id`, or the group that a flood was gathered in. */
  incident: string | null;
  /** Since when the figure is worse than the alert's level says. */
  worseSince: Date | null;
  /** Since when the figure is good again. */
  calmSince: Date | null;
  /** When its figure was last seen. */
  seenAt: Date;
  /** How often it was raised while it was open. */
  raised: number;
}

/** The edition of the document that this code writes and reads. */
export const alertVersion = 1;

/** What every alert begins with, whoever raised it. */
export function newAlert(rule: string, subject: string, now: Date) {
  const key = keyOf(rule, subject);
  return {
    _id: alertId(key, now),
    version: alertVersion,
    key,
    rule,
    subject,
    since: now,
    resolvedAt: null,
    resolved: false,
    done: false,
    told: null,
    incident: null,
    worseSince: null,
    calmSince: null,
    seenAt: now,
    raised: 1,
  } satisfies Partial<Alert>;
}

/** What all alerts about one thing share. */
export function keyOf(rule: string, subject: string): string {
  return `${rule}:${subject}`;
}

/** The name of an alert that began at a time. */
export function alertId(key: string, since: Date): string {
  return `${key}:${since.toISOString()}`;
}

/** People were to hear of it, and it is not over. */
export function isOpen({ firedAt, resolved, dryRun }: Alert): boolean {
  return firedAt !== null && !resolved && dryRun !== true;
}

/** Critical before warning. */
export function isWorse(one: AlertLevel, than: AlertLevel | undefined): boolean {
  return one !== than && (than === undefined || one === "critical");
}
