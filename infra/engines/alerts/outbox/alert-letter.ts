import type { Alert, AlertLevel } from "../alert";
import type { Announcement } from "../state/announce";
import { bounded, type Letter } from "./letter";

const shownSingly = 10;

/** What people read of an announcement. */
export function alertLetter(announcement: Announcement, environment: string, now: Date): Letter {
  const { event, incident, alerts, folded } = announcement;
  const [first] = alerts;
  const release = first?.release;
  const isMany = incident.startsWith("group:");
  const level: AlertLevel = alerts.some((alert) => alert.level === "critical") ? "critical" : "warning";
  return bounded({
    about: "alert",
    event,
    level,
    title: isMany || !first ? titleOfMany(alerts, event) : titleOfOne(first, event),
    lines: [...(isMany ? linesOfMany(alerts) : alerts.flatMap(linesOfOne)), ...foldedLines(folded)],
    environment,
    at: now,
    thread: `${environment}/${incident}`,
    ...(release !== undefined && { release }),
  });
}

const words: Record<Announcement["event"], string> = {
  fired: "",
  worse: "Worse: ",
  reminder: "Still: ",
  resolved: "Over: ",
  acknowledged: "Taken up: ",
};

function titleOfOne({ title, subject }: Alert, event: Announcement["event"]): string {
  return `${words[event]}${title} (${subject})`;
}

function titleOfMany(alerts: readonly Alert[], event: Announcement["event"]): string {
  return `${words[event]}${alerts.length} alerts at once`;
}

function linesOfOne({ _id, text, since, resolvedAt, resolvedBy, release }: Alert): string[] {
  const ended = resolvedAt ? `, over ${resolvedAt.toISOString()} by ${resolvedBy ?? "nobody"}` : "";
  return [
    text,
    `since ${since.toISOString()}${ended}`,
    ...(release === undefined ? [] : [`in release ${release}`]),
    ...(resolvedAt ? [] : [`dnd alerts resolve '${_id}'`]),
  ];
}

/** How many of each rule, and the first of them by name: a flood fits on one page. */
function linesOfMany(alerts: readonly Alert[]): string[] {
  const counts = new Map<string, number>();
  for (const { title } of alerts) counts.set(title, (counts.get(title) ?? 0) + 1);
  const all = [...counts].sort(([, one], [, other]) => other - one);
  const sums = all.slice(0, shownSingly).map(([title, count]) => `${count} × ${title}`);
  const left = all.slice(shownSingly).reduce((sum, [, count]) => sum + count, 0);
  const named = alerts.slice(0, shownSingly).map(({ title, text }) => `${title}: ${text}`);
  return [
    ...sums,
    ...(left > 0 ? [`${left} of other kinds`] : []),
    ...named,
    ...(alerts.length > shownSingly ? [`and ${alerts.length - shownSingly} more: dnd alerts list`] : []),
  ];
}

function foldedLines(folded: readonly Alert[]): string[] {
  if (folded.length === 0) return [];
  const named = folded.slice(0, shownSingly).map(({ title, subject }) => `  ${title} (${subject})`);
  const more = folded.length - named.length;
  return [`It explains ${folded.length} more:`, ...named, ...(more > 0 ? [`  and ${more} others`] : [])];
}
