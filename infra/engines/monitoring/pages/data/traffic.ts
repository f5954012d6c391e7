import type { Db } from "mongodb";
import { hourlySums, type HourlySum } from "../../metrics";

/** One point of a chart. */
export interface Point {
  at: Date;
  value: number;
}

/** How the app answered people, hour by hour. */
export interface Traffic {
  errorPercent: Point[];
  p95Ms: Point[];
}

const hourMs = 3_600_000;
/** Two days tell today from yesterday, and are read from the hours' roll-ups. */
export const trafficHours = 48;

/** The share of requests that failed and the time that the slow ones took, of all machines together. */
export async function readTraffic(ops: Db, environment: string, until: Date): Promise<Traffic> {
  const since = new Date(until.getTime() - trafficHours * hourMs);
  const names = ["requests", "errors", "p95Ms"] as const;
  const { requests, errors, p95Ms } = await hourlySums(ops, { names, environment, since, until });
  return {
    errorPercent: errorShare(requests, errors),
    p95Ms: p95Ms.map(({ at, count, sum }) => ({ at, value: sum / count })),
  };
}

/** An hour without a request has no share. */
function errorShare(requests: readonly HourlySum[], errors: readonly HourlySum[]): Point[] {
  const failed = new Map(errors.map(({ at, sum }) => [at.getTime(), sum]));
  return requests.flatMap(({ at, sum }) =>
    sum > 0 ? [{ at, value: (100 * (failed.get(at.getTime()) ?? 0)) / sum }] : [],
  );
}
