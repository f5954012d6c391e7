import { deploymentStats, weeklySummary, type WeeklySummary } from "../../infra/engines/monitoring";
import { formatDuration } from "../../infra/support";
import { printResult, table, type Terminal } from "../terminal";
import { delivery } from "./export";
import { momentOf, type MetricsOptions } from "./options";
import { withOperations } from "./with-operations";

/** The week against its targets, for people or as JSON, and to the channels of alerts where asked; 1 where a target was missed. */
export async function report(options: MetricsOptions, terminal: Terminal): Promise<number> {
  const until = new Date();
  const since = momentOf("--since", options.since ?? "7d", until);
  return withOperations(options, async (operations) => {
    const { ops, environment } = operations;
    const [{ journal, dora }, stats] = await Promise.all([
      delivery(operations, { since, until }),
      deploymentStats(ops, { environment, since, until }),
    ]);
    const summary = weeklySummary({
      environment,
      since,
      until,
      releases: journal,
      alerts: stats.totalAlerts,
      dora,
    });
    printResult(terminal, summary, () => reportText(summary));
    return summary.lines.every(({ met }) => met) ? 0 : 1;
  });
}

/** The report as text. */
export function reportText({ environment, since, until, lines, dora, ...counts }: WeeklySummary): string {
  const day = (at: Date) => at.toISOString().slice(0, 10);
  return [
    `${environment}, ${day(since)} to ${day(until)}: ${counts.releases} releases, ${counts.failed} failed, ${counts.rollbacks} taken back`,
    table(lines.map((line) => [line.met ? "met" : "MISSED", line.name, shown(line), targetText(line)])),
    table([
      ["deployments a day", rounded(dora.deploymentsPerDay)],
      ["lead time", seconds(dora.leadTimeSeconds)],
      ["change failure rate", percent(dora.changeFailurePercent)],
      ["recovery time", seconds(dora.recoverySeconds)],
      ["rework rate", percent(dora.reworkPercent)],
    ]),
  ].join("\n\n");
}

type Line = WeeklySummary["lines"][number];

function shown({ name, value }: Line): string {
  if (name === "alerts") return String(value ?? 0);
  return name === "success" ? percent(value) : seconds(value);
}

function targetText({ name, target }: Line): string {
  if (name === "success") return `over ${target} %`;
  return name === "alerts" ? `under ${target}` : `under ${formatDuration(target * 1000)}`;
}

function percent(value: number | null): string {
  return value === null ? "nothing to say" : `${rounded(value)} %`;
}

function seconds(value: number | null): string {
  return value === null ? "nothing to say" : formatDuration(value * 1000);
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
