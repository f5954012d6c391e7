import type { Db } from "mongodb";
import type { Incident, TimelineEntry } from "./incident";

const most = 500;
/** What led to it began before anybody called it an incident. */
const leadMs = 60 * 60_000;

interface ReleaseRow {
  _id: number;
  state: string;
  startedAt: Date;
  finishedAt: Date | null;
  by: string;
  error: string | null;
  image: { version: string };
}
interface AlertRow {
  _id: string;
  level: string;
  title: string;
  since: Date;
  resolvedAt: Date | null;
  resolvedBy?: string;
}
interface CommandRow {
  _id: string;
  at: Date;
  who: string;
  command: string;
  arguments?: string[];
  outcome?: { code: number | null } | null;
}

/** The whole timeline of an incident: what was written into it, and the releases, alerts and commands of its time. */
export async function gatherTimeline(ops: Db, incident: Incident, now: Date): Promise<TimelineEntry[]> {
  const from = new Date(incident.startedAt.getTime() - leadMs);
  const to = incident.closedAt ?? now;
  const within = (at: Date | null | undefined) => at instanceof Date && at >= from && at <= to;
  const [releases, alerts, commands] = await Promise.all([
    newest<ReleaseRow>(ops, "releases"),
    newest<AlertRow>(ops, "alerts"),
    newest<CommandRow>(ops, "audit"),
  ]);
  const seen = [
    ...releases.flatMap(entriesOfRelease),
    ...alerts.flatMap(entriesOfAlert),
    ...commands.filter(({ command }) => command !== "incident").map(entryOfCommand),
  ];
  return [...incident.timeline, ...seen.filter(({ at }) => within(at))].sort(
    (one, other) => one.at.getTime() - other.at.getTime(),
  );
}

/** By the index that every collection has. Ids of alerts begin with their rule, so of those all are looked at. */
function newest<T extends object>(ops: Db, name: string): Promise<T[]> {
  return ops
    .collection(name)
    .find<T>({})
    .sort({ _id: -1 })
    .limit(name === "alerts" ? 10 * most : most)
    .toArray();
}

function entriesOfRelease(row: ReleaseRow): TimelineEntry[] {
  const { _id, state, startedAt, finishedAt, by, error, image } = row;
  const common = { by, kind: "release", ref: String(_id) };
  const end = error ? `: ${firstLine(error)}` : "";
  return [
    { ...common, at: startedAt, text: `release ${_id} (${image.version}) began` },
    ...(finishedAt ? [{ ...common, at: finishedAt, text: `release ${_id} ${state}${end}` }] : []),
  ];
}

function entriesOfAlert({ _id, level, title, since, resolvedAt, resolvedBy }: AlertRow): TimelineEntry[] {
  const common = { by: "monitor", kind: "alert", ref: _id };
  return [
    { ...common, at: since, text: `${level}: ${title}` },
    ...(resolvedAt
      ? [{ ...common, by: resolvedBy ?? "monitor", at: resolvedAt, text: `over: ${title}` }]
      : []),
  ];
}

function entryOfCommand({
  _id,
  at,
  who,
  command,
  arguments: typed = [],
  outcome,
}: CommandRow): TimelineEntry {
  const ended = outcome ? (outcome.code === null ? ", cut off" : `, exit code ${outcome.code}`) : "";
  return {
    at,
    by: who,
    kind: "command",
    text: `dnd ${[command, ...actionIn(typed)].join(" ")}${ended}`,
    ref: _id,
  };
}

/** What of the command was done, as `daily` of `ops`: the first word, where it is none of the options. */
function actionIn([first = ""]: readonly string[]): string[] {
  return /^[a-z][a-z-]*$/.test(first) ? [first] : [];
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
