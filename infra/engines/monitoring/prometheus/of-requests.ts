import type { Db } from "mongodb";
import { addTo, hourOf, rollUpsIn, upperBorder, type Part } from "../metrics";
import type { Sample } from "./text";

const names = ["requests", "errors", "responseMs"] as const;
type Totals = Record<(typeof names)[number], Part>;

/** Nothing is added any more to an hour that ended so long ago: machines keep figures back for five minutes at most. */
const settledAfterMs = 2 * 3_600_000;
/** In milliseconds: every doubling is a border of the roll-ups' own buckets, so what is told of it is exact. */
const bordersMs = Array.from({ length: 13 }, (_, doubling) => 4 * 2 ** doubling);

/**
 * The requests that the app has answered since the hour in which this process began. Older hours end one day, and a
 * counter that shrinks would look like one that began anew. Hours that are settled are added up once, and not read again.
 */
export function requestCounters(ops: Db, environment: string, began: Date): (now: Date) => Promise<Sample[]> {
  let settled = { until: hourOf(began), totals: nothing() };
  return async (now) => {
    const from = settled;
    const hours = await rollUpsIn(ops)
      .find({ name: { $in: [...names] }, hour: { $gte: from.until } })
      .toArray();
    const until = hourOf(new Date(now.getTime() - settledAfterMs));
    const [over, all] = [copyOf(from.totals), copyOf(from.totals)];
    for (const one of hours.filter((hour) => hour.environment === environment))
      for (const totals of one.hour < until ? [over, all] : [all]) addTo(totals[nameOf(one)], one);
    // Two who ask at the same time add no hour up twice.
    if (settled === from && until > from.until) settled = { until, totals: over };
    return [...countSamples(all), ...durationSamples(all.responseMs)];
  };
}

function nameOf({ name }: { name: string }): (typeof names)[number] {
  return names.find((one) => one === name) ?? "requests";
}

function nothing(): Totals {
  const none = (): Part => ({ count: 0, sum: 0, min: Infinity, max: -Infinity, histogram: {} });
  return { requests: none(), errors: none(), responseMs: none() };
}

function copyOf(totals: Totals): Totals {
  const copy = nothing();
  for (const name of names) addTo(copy[name], totals[name]);
  return copy;
}

function countSamples({ requests, errors }: Totals): Sample[] {
  const series = "dnd_http_requests_total" as const;
  return [
    { series, labels: { status: "ok" }, value: Math.max(0, requests.sum - errors.sum) },
    { series, labels: { status: "error" }, value: errors.sum },
  ];
}

function durationSamples({ count, sum, histogram }: Part): Sample[] {
  const series = "dnd_http_request_duration_seconds" as const;
  const counted = Object.entries(histogram).map(([bucket, some]) => [upperBorder(bucket), some] as const);
  const upTo = (border: number) =>
    counted.reduce((all, [upper, some]) => (upper <= border ? all + some : all), 0);
  return [
    ...bordersMs.map((border): Sample => ({
      series,
      part: "_bucket",
      labels: { le: String(border / 1000) },
      value: upTo(border),
    })),
    { series, part: "_bucket", labels: { le: "+Inf" }, value: count },
    { series, part: "_sum", value: sum / 1000 },
    { series, part: "_count", value: count },
  ];
}
