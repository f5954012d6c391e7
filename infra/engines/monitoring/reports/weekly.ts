import type { DoraFigures } from "../dora";
import type { JournalEntry } from "../journal";
import { secondsOf } from "../probes";

/** What a week of releases should come to. */
export const targets = { successPercent: 95, meanSeconds: 300, alerts: 5 } as const;

/** One figure of a week against its target. */
export interface TargetLine {
  name: "success" | "mean duration" | "alerts";
  value: number | null;
  target: number;
  met: boolean;
}

/** A week in figures. */
export interface WeeklySummary {
  environment: string;
  since: Date;
  until: Date;
  releases: number;
  failed: number;
  rollbacks: number;
  lines: TargetLine[];
  dora: DoraFigures;
}

export interface WeekOf {
  environment: string;
  since: Date;
  until: Date;
  /** The releases that began in it. */
  releases: readonly JournalEntry[];
  alerts: number;
  dora: DoraFigures;
}

/** A week against the targets; without a release its success and its duration are met, for nothing went wrong. */
export function weeklySummary({ releases, alerts, ...week }: WeekOf): WeeklySummary {
  const ended = releases.filter(({ state }) => state !== "running");
  const failed = ended.filter(({ state }) => state === "failed").length;
  const seconds = ended.filter(({ state }) => state === "done").flatMap((one) => secondsOf(one) ?? []);
  const success = ended.length === 0 ? null : (100 * (ended.length - failed)) / ended.length;
  const mean = seconds.length === 0 ? null : seconds.reduce((a, b) => a + b, 0) / seconds.length;
  return {
    ...week,
    releases: ended.length,
    failed,
    rollbacks: ended.filter(({ kind }) => kind !== "forward").length,
    lines: [
      {
        name: "success",
        value: success,
        target: targets.successPercent,
        met: success === null || success > targets.successPercent,
      },
      {
        name: "mean duration",
        value: mean,
        target: targets.meanSeconds,
        met: mean === null || mean < targets.meanSeconds,
      },
      { name: "alerts", value: alerts, target: targets.alerts, met: alerts < targets.alerts },
    ],
  };
}
