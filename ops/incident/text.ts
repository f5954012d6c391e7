import {
  commandOf,
  guidedPaths,
  progressOf,
  type Incident,
  type KeptIncident,
  type PathProgress,
  type TimelineEntry,
} from "../../infra/engines/incidents";
import { table } from "../terminal";
import type { IncidentOptions } from "./options";

/** An incident on one screen: the clock, the path with its next step, the timeline. */
export function statusText(
  incident: Incident,
  timeline: readonly TimelineEntry[],
  { minutes, targetMinutes, overTarget, steps, next }: PathProgress,
  { stack }: Pick<IncidentOptions, "stack">,
  file: string | null,
): string {
  const { _id, title, kind, closedAt } = incident;
  const clock = `${minutes} of ${targetMinutes} minutes${overTarget ? ", over the target" : ""}`;
  const words = next && !closedAt ? commandOf(next, { stack }).words : [];
  return [
    `incident ${_id}: ${title} (${guidedPaths[kind].title}), ${closedAt ? "closed" : "open"}, ${clock}`,
    "",
    table(
      steps.map((step) => [
        step.state === "done" ? "done" : step.state,
        step.name,
        `by minute ${step.byMinute}${step.late ? ", late" : ""}`,
        step.what,
      ]),
    ),
    ...(next && !closedAt
      ? ["", `next: \`dnd incident step ${next.name}\`${words.length > 0 ? ` (dnd ${words.join(" ")})` : ""}`]
      : []),
    "",
    table(
      timeline.map(({ at, by, kind: what, text }) => [
        at.toISOString(),
        by,
        what,
        text.split("\n", 1)[0] ?? "",
      ]),
    ),
    ...(file ? ["", `post-mortem: ${file}`] : []),
  ].join("\n");
}

/** All of them, one a line. */
export function listText(all: readonly (Incident | KeptIncident)[], now: Date): string {
  if (all.length === 0) return "no incidents";
  return table(
    all.map((one) => {
      const { minutes, targetMinutes } = progressOf({ ...one, _id: one._id ?? 0 }, now);
      const state = one.closedAt ? "closed" : "open";
      return [
        String(one._id ?? "-"),
        state,
        one.kind,
        one.startedAt.toISOString(),
        `${minutes}/${targetMinutes} min`,
        one.title,
      ];
    }),
  );
}
