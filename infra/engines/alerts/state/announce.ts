import { isOpen, isWorse, type Alert } from "../alert";
import type { Rule } from "../rules/rule";
import { parentOf } from "./family";
import { gathered, groupOf, type Group } from "./flood";
import { isTakenUp, whyQuiet, type Quiet } from "./quiet";

/** What happened to an alert that people are to hear of. */
export type AlertEvent = "fired" | "worse" | "reminder" | "resolved" | "acknowledged";

/** Something that people are to hear: one alert, or a flood of them gathered in one. */
export interface Announcement {
  event: AlertEvent;
  /** Its first alert's name, or the group's: what all messages about it share. */
  incident: string;
  /** How many went before it: makes its name. */
  times: number;
  alerts: readonly Alert[];
  /** What it explains: alerts that nobody is told of by themselves. */
  folded: readonly Alert[];
}

/** After how long an alert that nobody ended is told again, and worse. */
export interface Patience {
  remindMs: { warning: number; critical: number };
  /** An open warning becomes critical; null never. */
  escalateMs: number | null;
}

export interface Told {
  announcements: Announcement[];
  /** The alerts as they are once this was told. */
  changed: Alert[];
}

interface Situation {
  rules: ReadonlyMap<string, Rule>;
  quiet: Quiet;
  patience: Patience;
  now: Date;
}

/** What people are to hear now, worked out of what is not done with and what they were told before. */
export function announce(all: readonly Alert[], situation: Situation): Told {
  const changed = new Map<string, Alert>();
  const current = all.map((alert) => {
    const next = escalated(withParent(alert, all, situation), situation);
    if (next !== alert) changed.set(next._id, next);
    return next;
  });
  const fresh = current.filter((alert) => alert.told === null && isDue(alert, situation));
  const groups = gathered(fresh, current, situation.now);
  const announcements = [
    ...endings(current),
    ...groups.map((group) => openingOf(group, current)),
    ...later(current, situation),
    ...takenUp(current, situation),
  ];
  for (const { event, incident, alerts, times } of announcements) {
    const isEnd = event === "resolved";
    for (const alert of alerts) {
      const told = { level: alert.level, at: situation.now, times: times + 1 };
      const takenUpAt = event === "acknowledged" ? { takenUpAt: situation.now } : {};
      changed.set(alert._id, { ...alert, ...takenUpAt, incident, told, done: isEnd });
    }
  }
  return { announcements, changed: [...changed.values()] };
}

function openingOf({ incident, alerts, times }: Group, current: readonly Alert[]): Announcement {
  return { event: "fired", incident, times, alerts, folded: foldedIn(alerts, current) };
}

function withParent(alert: Alert, all: readonly Alert[], { rules, now }: Situation): Alert {
  if (alert.resolved) return alert;
  const parent = parentOf(alert, all, rules);
  if (parent === alert.parent) return alert;
  const { parent: _before, ...rest } = alert;
  return parent === undefined ? { ...rest, freedAt: now } : { ...rest, parent };
}

/** A warning that stays and that nobody takes up wakes somebody in the end. */
function escalated(alert: Alert, situation: Situation): Alert {
  const { patience, now } = situation;
  if (patience.escalateMs === null || alert.level === "critical" || alert.told === null) return alert;
  const lasted = alert.firedAt === null ? 0 : now.getTime() - alert.firedAt.getTime();
  if (lasted < patience.escalateMs || !isDue(alert, situation)) return alert;
  return { ...alert, level: "critical", text: `${alert.text}; a warning since ${alert.since.toISOString()}` };
}

function isDue(alert: Alert, { rules, quiet, now }: Situation): boolean {
  const waits = rules.get(alert.rule)?.forMs ?? 0;
  // What got well with its parent was explained by it to the end.
  if (alert.freedAt && (alert.calmSince || now.getTime() - alert.freedAt.getTime() < waits)) return false;
  return isOpen(alert) && alert.parent === undefined && whyQuiet(alert, rules, quiet, now) === undefined;
}

/** What was told before and got worse, or was not ended for long; a group speaks with one voice. */
function later(current: readonly Alert[], situation: Situation): Announcement[] {
  const due = current.filter((alert) => alert.told !== null && isDue(alert, situation));
  return groupOf(due).flatMap(({ incident, alerts, times }): Announcement[] => {
    const rest = { incident, times, alerts, folded: foldedIn(alerts, current) };
    if (alerts.some(({ level, told }) => isWorse(level, told?.level))) return [{ event: "worse", ...rest }];
    const isOverdue = alerts.every(({ level, told }) => {
      const silentMs = situation.now.getTime() - (told?.at.getTime() ?? 0);
      return silentMs >= situation.patience.remindMs[level];
    });
    return isOverdue ? [{ event: "reminder", ...rest }] : [];
  });
}

/** Whoever pages people is told that somebody is at it. */
function takenUp(current: readonly Alert[], { quiet, now }: Situation): Announcement[] {
  const fresh = current.filter(
    (alert) => alert.told && isOpen(alert) && !alert.takenUpAt && isTakenUp(alert, quiet, now),
  );
  return groupOf(fresh).map((group) => ({ event: "acknowledged" as const, ...group, folded: [] }));
}

/** Who was told of the beginning is told of the end, whatever is silenced; of a group when all of it is over. */
function endings(current: readonly Alert[]): Announcement[] {
  return groupOf(current.filter(({ told }) => told !== null))
    .filter(({ alerts }) => alerts.every(({ resolved }) => resolved))
    .map((group) => ({ event: "resolved" as const, ...group, folded: [] }));
}

function foldedIn(alerts: readonly Alert[], current: readonly Alert[]): Alert[] {
  const keys = new Set(alerts.map(({ key }) => key));
  return current.filter((alert) => isOpen(alert) && alert.parent !== undefined && keys.has(alert.parent));
}
