import { isWorse, keyOf, newAlert, type Alert, type AlertLevel } from "../alert";
import type { Figure } from "../figure";
import { isCalm, judge, thresholdOf } from "../rules/judge";
import type { Rule } from "../rules/rule";
import { textOf } from "../rules/wording";

/** What nobody has measured for so long is no alert any more: the machine is gone, the check was taken out. */
const forgottenAfterMs = 30 * 60_000;
/** So often at most an alert is written only to say that it was seen. */
const seenEveryMs = 2 * 60_000;

/** What a round of figures makes of the open alerts. */
export interface Advance {
  begun: Alert[];
  /** Those that did not change are not among them. */
  changed: Alert[];
  /** What was bad too briefly for anybody to hear of it. */
  dropped: Alert[];
}

interface Round {
  rules: ReadonlyMap<string, Rule>;
  environment: string;
  now: Date;
  release?: number | undefined;
}

/** Moves every alert on by what was measured: begins, fires, worsens, ends. */
export function advance(undone: readonly Alert[], figures: readonly Figure[], round: Round): Advance {
  const open = undone.filter(({ resolved }) => !resolved);
  const byKey = new Map(open.map((alert) => [alert.key, alert]));
  const result: Advance = { begun: [], changed: [], dropped: [] };
  const seen = new Set<string>();
  for (const figure of newestOfEach(figures)) {
    const rule = round.rules.get(figure.name);
    if (!rule) continue;
    const key = keyOf(rule.name, figure.subject);
    seen.add(key);
    const alert = byKey.get(key);
    if (!alert) {
      const level = judge(rule, figure.value);
      if (level) result.begun.push(begun(figure, rule, level, round));
      continue;
    }
    const next = moved(alert, figure, rule, round.now);
    if (next === "dropped") result.dropped.push(alert);
    else if (next) result.changed.push(next);
  }
  // Without the database hardly anything is measured: that is no sign that all is well.
  const isBlind = seen.size === 0 || figures.some(({ name, value }) => name === "databaseDown" && value > 0);
  if (!isBlind) {
    const forgotten = open.filter(({ key, rule, seenAt }) => {
      const isMeasured = round.rules.has(rule) && !seen.has(key);
      return isMeasured && round.now.getTime() - seenAt.getTime() > forgottenAfterMs;
    });
    result.changed.push(...forgotten.map((alert) => ended(alert, round.now, "no longer measured")));
  }
  return result;
}

function newestOfEach(figures: readonly Figure[]): Iterable<Figure> {
  const newest = new Map<string, Figure>();
  for (const figure of figures) {
    if (!Number.isFinite(figure.value)) continue;
    const key = keyOf(figure.name, figure.subject);
    const other = newest.get(key);
    if (!other || other.at <= figure.at) newest.set(key, figure);
  }
  return newest.values();
}

function begun(figure: Figure, rule: Rule, level: AlertLevel, round: Round): Alert {
  const { now, environment, release } = round;
  return {
    ...newAlert(rule.name, figure.subject, now),
    environment,
    ...described(rule, figure, level),
    firedAt: rule.forMs === 0 ? now : null,
    ...(release !== undefined && { release }),
    ...(rule.dryRun && { dryRun: true }),
  };
}

function described(rule: Rule, figure: Figure, level: AlertLevel) {
  return {
    level,
    title: rule.title,
    text: textOf(rule, figure, level),
    value: figure.value,
    threshold: thresholdOf(rule, level),
  };
}

function moved(alert: Alert, figure: Figure, rule: Rule, now: Date): Alert | "dropped" | undefined {
  const level = judge(rule, figure.value);
  if (level) return stillBad(alert, figure, rule, level, now);
  if (alert.firedAt === null) return "dropped";
  // Between good and clearly good nothing changes, but that it is not getting better.
  if (!isCalm(rule, figure.value)) return changedOnly(alert, { ...alert, calmSince: null }, now);
  const calmSince = alert.calmSince ?? now;
  if (now.getTime() - calmSince.getTime() >= rule.calmMs) return ended(alert, now, "the figures");
  return changedOnly(alert, { ...alert, calmSince, worseSince: null }, now);
}

function stillBad(alert: Alert, figure: Figure, rule: Rule, level: AlertLevel, now: Date): Alert | undefined {
  const lasted = (since: Date) => now.getTime() - since.getTime() >= rule.forMs;
  if (alert.firedAt === null) {
    const firedAt = lasted(alert.since) ? now : null;
    return changedOnly(alert, { ...alert, ...described(rule, figure, level), firedAt }, now);
  }
  if (!isWorse(level, alert.level)) {
    return changedOnly(alert, { ...alert, worseSince: null, calmSince: null }, now);
  }
  const worseSince = alert.worseSince ?? now;
  const held = { ...alert, worseSince, calmSince: null };
  if (!lasted(worseSince)) return changedOnly(alert, held, now);
  return { ...held, ...described(rule, figure, level), worseSince: null, seenAt: now };
}

/** An alert that is over. */
export function ended(alert: Alert, now: Date, by: string): Alert {
  const done = alert.told === null;
  return { ...alert, resolved: true, done, resolvedAt: now, resolvedBy: by, seenAt: now, calmSince: null };
}

/** Nothing is written for a figure that says what the last one said. */
function changedOnly(before: Alert, after: Alert, now: Date): Alert | undefined {
  const isSame =
    time(before.firedAt) === time(after.firedAt) &&
    time(before.worseSince) === time(after.worseSince) &&
    time(before.calmSince) === time(after.calmSince) &&
    before.level === after.level;
  if (isSame && now.getTime() - before.seenAt.getTime() < seenEveryMs) return undefined;
  return { ...after, seenAt: now };
}

function time(at: Date | null): number {
  return at?.getTime() ?? 0;
}
