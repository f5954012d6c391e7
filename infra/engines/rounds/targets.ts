import { formatDuration } from "../../support";
import { act, note, ok, type Finding } from "./finding";

/** What the runbook holds releases and alerts of a week against. */
export interface Targets {
  successPercent: number;
  deploymentMs: number;
  alertsPerWeek: number;
}

export const runbookTargets: Targets = { successPercent: 95, deploymentMs: 5 * 60_000, alertsPerWeek: 5 };

export interface WeekSeen {
  /** Releases that have ended: how, and how long they took. */
  releases: readonly { ok: boolean; durationMs: number }[];
  alerts: number;
  days: number;
}

/** Holds a time against the targets; where nothing was released nothing can be said of releases. */
export function judgeTargets(
  { releases, alerts, days }: WeekSeen,
  targets: Targets = runbookTargets,
): Finding[] {
  const perWeek = (alerts / Math.max(1, days)) * 7;
  const alertsFound = `${alerts} alerts in ${days} days, the target is fewer than ${targets.alertsPerWeek} a week`;
  return [
    ...(releases.length === 0
      ? [note("releases", `none in ${days} days`)]
      : [successOf(releases, targets), durationOf(releases, targets)]),
    perWeek < targets.alertsPerWeek
      ? ok("alerts", alertsFound)
      : act("alerts", alertsFound, "Mend what fires again and again, or mend its threshold."),
  ];
}

function successOf(releases: WeekSeen["releases"], { successPercent }: Targets): Finding {
  const good = releases.filter((one) => one.ok).length;
  const percent = (100 * good) / releases.length;
  const found = `${good} of ${releases.length} releases went well (${percent.toFixed(0)} %), the target is more than ${successPercent} %`;
  if (percent > successPercent) return ok("success rate", found);
  return act(
    "success rate",
    found,
    "`dnd release list` shows which failed and why: open an issue for what comes again.",
  );
}

function durationOf(releases: WeekSeen["releases"], { deploymentMs }: Targets): Finding {
  const mean = releases.reduce((sum, { durationMs }) => sum + durationMs, 0) / releases.length;
  const found = `a release takes ${formatDuration(mean)} on average, the target is less than ${formatDuration(deploymentMs)}`;
  if (mean < deploymentMs) return ok("time of a release", found);
  return act("time of a release", found, "`dnd release show latest` tells which step takes long.");
}
