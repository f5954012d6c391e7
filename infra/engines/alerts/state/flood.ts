import { isOpen, isWorse, type Alert, type AlertLevel } from "../alert";

/** So many alerts of one round are told one by one; more of them are told together. */
const toldSingly = 5;
/** A group that grows says so no oftener. */
const growEveryMs = 5 * 60_000;
const groupMark = "group:";

/** Alerts that are told together. */
export interface Group {
  incident: string;
  alerts: Alert[];
  /** How many messages went before. */
  times: number;
}

/** The alerts of each incident, as far as they are among these. */
export function groupOf(alerts: readonly Alert[]): Group[] {
  const groups = new Map<string, Group>();
  for (const alert of alerts) {
    const incident = alert.incident ?? alert._id;
    const group = groups.get(incident) ?? { incident, alerts: [], times: 0 };
    group.alerts.push(alert);
    group.times = Math.max(group.times, alert.told?.times ?? 0);
    groups.set(incident, group);
  }
  return [...groups.values()];
}

/**
 * How alerts that nobody was told of yet are told: by themselves, all in one message where they are many, or with a
 * group that is open and has their rule. One that may not speak up yet keeps its new members waiting.
 */
export function gathered(fresh: readonly Alert[], current: readonly Alert[], now: Date): Group[] {
  const open = openGroups(current);
  const joining = new Map<string, Group>();
  const alone: Alert[] = [];
  for (const alert of fresh) {
    const group = open.find((one) => one.rules.has(alert.rule) && !isWorse(alert.level, one.level));
    if (!group) {
      alone.push(alert);
      continue;
    }
    const { incident, times, toldAt } = group;
    if (now.getTime() - toldAt < growEveryMs) continue;
    const joined = joining.get(incident) ?? { incident, times, alerts: [] };
    joined.alerts.push(alert);
    joining.set(incident, joined);
  }
  return [...joining.values(), ...single(alone, now)];
}

function single(alerts: Alert[], now: Date): Group[] {
  if (alerts.length <= toldSingly) return groupOf(alerts);
  return [{ incident: `${groupMark}${now.toISOString()}`, alerts, times: 0 }];
}

interface OpenGroup {
  incident: string;
  rules: Set<string>;
  level: AlertLevel;
  times: number;
  toldAt: number;
}

function openGroups(current: readonly Alert[]): OpenGroup[] {
  const members = current.filter((alert) => alert.incident?.startsWith(groupMark) && isOpen(alert));
  return groupOf(members).map(({ incident, alerts, times }) => ({
    incident,
    times,
    rules: new Set(alerts.map(({ rule }) => rule)),
    level: alerts.some(({ level }) => level === "critical") ? "critical" : "warning",
    // Not spread into an argument list: a flood has more members than a call takes arguments.
    toldAt: alerts.reduce((latest, { told }) => Math.max(latest, told?.at.getTime() ?? 0), 0),
  }));
}
