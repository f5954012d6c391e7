import type { Incident } from "./incident";
import { guidedPaths, type PathStep } from "./paths";

/** How far the guided path of an incident has come, against its time. */
export interface PathProgress {
  minutes: number;
  targetMinutes: number;
  overTarget: boolean;
  steps: (PathStep & { state: "done" | "failed" | "waiting"; late: boolean })[];
  next: PathStep | null;
}

/** Counts the minutes of an incident; a clock that was set back counts none. */
export function progressOf(incident: Incident, now: Date): PathProgress {
  const { targetMinutes, steps } = guidedPaths[incident.kind];
  const end = incident.closedAt ?? now;
  const minutes = minutesBetween(incident.startedAt, end);
  const seen = steps.map((step) => {
    const last = incident.timeline.filter(({ kind, ref }) => kind === "step" && ref === step.name).at(-1);
    const state = last === undefined ? "waiting" : last.text.startsWith("failed") ? "failed" : "done";
    const at = last ? minutesBetween(incident.startedAt, last.at) : minutes;
    return { ...step, state: state as "done" | "failed" | "waiting", late: at > step.byMinute };
  });
  const next = seen.find(({ state }) => state !== "done") ?? null;
  return { minutes, targetMinutes, overTarget: minutes > targetMinutes, steps: seen, next };
}

export function minutesBetween(from: Date, to: Date): number {
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 6000) / 10);
}
