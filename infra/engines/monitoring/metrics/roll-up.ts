import type { AnyBulkWriteOperation } from "mongodb";
import { addHistogram, bucketOf, quantile, type Histogram } from "./histogram";
import { labelText, type StoredMetric } from "./metric";

/** All figures of one series in one hour, as `metric_hours` keeps them. */
export interface RollUp {
  _id: string;
  version: 1;
  name: string;
  environment: string;
  hour: Date;
  labels: Record<string, string>;
  count: number;
  sum: number;
  min: number;
  max: number;
  histogram: Histogram;
}

/** What of a roll-up can be added to another. */
export type Part = Pick<RollUp, "count" | "sum" | "min" | "max" | "histogram">;

/** What many figures come to. */
export interface Summary {
  count: number;
  sum: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  p95: number | null;
}

export const hourMs = 3_600_000;

/** The beginning of the hour that a moment falls into. */
export function hourOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / hourMs) * hourMs);
}

/** Figures that were counted where they arose, far too many to be kept one by one. */
export interface CountedFigures extends Part {
  name: string;
  environment: string;
  labels: Record<string, string>;
  at: Date;
}

/** Counted figures as the roll-up of their hour. */
export function rollUpOf({ at, ...counted }: CountedFigures): RollUp {
  const hour = hourOf(at);
  return { _id: rollUpName({ ...counted, hour }), version: 1, ...counted, hour };
}

function rollUpName({
  name,
  environment,
  hour,
  labels,
}: Omit<RollUp, "_id" | "version" | keyof Part>): string {
  return `${name}|${environment}|${hour.toISOString()}|${labelText(labels)}`;
}

/** The figures of a batch as roll-ups, one for each series and hour. */
export function rollUpsOf(metrics: readonly StoredMetric[]): RollUp[] {
  const all = new Map<string, RollUp>();
  for (const { at, meta, value } of metrics) {
    const hour = hourOf(at);
    const { name, environment, labels = {} } = meta;
    const _id = rollUpName({ name, environment, hour, labels });
    const bucket = { [bucketOf(value)]: 1 };
    const known = all.get(_id);
    const one = { count: 1, sum: value, min: value, max: value, histogram: bucket };
    if (known) addTo(known, one);
    else all.set(_id, { _id, version: 1, name, environment, hour, labels, ...one });
  }
  return [...all.values()];
}

/** The write that adds a batch's roll-up to what the hour holds already, whoever else adds at the same time. */
export function additionOf(rollUp: RollUp): AnyBulkWriteOperation<RollUp> {
  const { _id, version, name, environment, hour, labels, count, sum, min, max, histogram } = rollUp;
  const buckets = Object.entries(histogram).map(([bucket, added]) => [`histogram.${bucket}`, added] as const);
  return {
    updateOne: {
      filter: { _id },
      update: {
        $setOnInsert: { version, name, environment, hour, labels },
        $inc: { count, sum, ...Object.fromEntries(buckets) },
        $min: { min },
        $max: { max },
      },
      upsert: true,
    },
  };
}

/** Adds figures to figures. */
export function addTo(to: Part, from: Part): void {
  to.count += from.count;
  to.sum += from.sum;
  to.min = Math.min(to.min, from.min);
  to.max = Math.max(to.max, from.max);
  addHistogram(to.histogram, from.histogram);
}

/** Roll-ups, of one hour or of many, as one summary. */
export function summaryOf(parts: readonly Part[]): Summary {
  const all = { count: 0, sum: 0, min: Infinity, max: -Infinity, histogram: {} };
  for (const part of parts) addTo(all, part);
  const { count, sum, min, max, histogram } = all;
  if (count === 0) return { count, sum, min: null, max: null, mean: null, p95: null };
  const p95 = quantile(histogram, 0.95) ?? max;
  // The bucket's border may lie outside of what was ever measured.
  return { count, sum, min, max, mean: sum / count, p95: Math.min(max, Math.max(min, p95)) };
}
