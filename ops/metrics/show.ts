import type { Db } from "mongodb";
import { metricSeries, type SeriesPoint } from "../../infra/engines/monitoring";
import type { DatabaseOptions } from "../named-database";
import { atOperations } from "../operations-database";
import { sinceOf } from "../since";
import { printResult, table, type Terminal } from "../terminal";
import { onSteps, sparkline } from "./sparklines";

export interface ShowOptions extends DatabaseOptions {
  since?: string;
  name?: string;
  environment?: string;
}

const hourMs = 3_600_000;
const mostSteps = 48;

/** One figure over the time that was asked for. */
interface Shown {
  name: string;
  step: number;
  points: SeriesPoint[];
}

/** Every figure that was measured, as a row of bars, with its newest, lowest and highest mean. */
export async function showMetrics(options: ShowOptions, terminal: Terminal): Promise<number> {
  const until = new Date();
  const since = sinceOf(options.since ?? "24h", "--since", until.getTime());
  const step = stepOf(since, until);
  const reach = { role: "backup", appName: "dnd-metrics", none: noDatabase } as const;
  return atOperations(
    options,
    async ({ ops, settings }) => {
      const environment = options.environment ?? settings?.environment;
      const names = options.name === undefined ? await namesIn(ops, since, environment) : [options.name];
      const asked = { since, until, step, ...(environment && { environment }) };
      const shown: Shown[] = [];
      for (const name of names)
        shown.push({ name, step, points: await metricSeries(ops, { name, ...asked }) });
      printResult(terminal, { since, until, environment: environment ?? null, metrics: shown }, () =>
        metricsText(shown, asked),
      );
      return 0;
    },
    reach,
  );
}

/** Whole hours where that makes enough bars: those are read from the roll-ups, which are kept for longer. */
function stepOf(since: Date, until: Date): number {
  const wide = (until.getTime() - since.getTime()) / mostSteps;
  if (wide >= hourMs / 2) return Math.max(1, Math.ceil(wide / hourMs)) * hourMs;
  return Math.max(10_000, Math.ceil(wide / 10_000) * 10_000);
}

/** By the roll-ups, which are few: a server that allows no table scan takes a filter that is empty. */
async function namesIn(ops: Db, since: Date, environment: string | undefined): Promise<string[]> {
  const hours = ops.collection<{ name: string; environment: string; hour: Date }>("metric_hours");
  const names = new Set<string>();
  const projection = { name: 1, environment: 1, hour: 1 };
  for await (const one of hours.find({}, { projection }))
    if (one.hour.getTime() + hourMs > since.getTime() && (environment ?? one.environment) === one.environment)
      names.add(one.name);
  return [...names].sort();
}

function metricsText(shown: readonly Shown[], time: { since: Date; until: Date; step: number }): string {
  const known = shown.filter(({ points }) => points.length > 0);
  if (known.length === 0) return "nothing was measured in this time";
  return table([
    ["FIGURE", "", "NEWEST", "LOWEST", "HIGHEST"],
    ...known.map(({ name, points }) => {
      const means = points.flatMap(({ at, mean }) => (mean === null ? [] : [{ at, value: mean }]));
      const values = means.map(({ value }) => value);
      const ends = [values.at(-1) ?? 0, Math.min(...values), Math.max(...values)];
      return [name, sparkline(onSteps(means, time)), ...ends.map(short)];
    }),
  ]);
}

function short(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function noDatabase(stack: string) {
  return {
    code: "metrics-no-database",
    message: `the ${stack} stack has no database yet, and no figures`,
    remedy: "`dnd up` brings it; or name another one with --uri and --db.",
  };
}
