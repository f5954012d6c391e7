import type { Db } from "mongodb";
import { metricsOf } from "./collections";
import { labelText, type StoredMetric } from "./metric";

/** The newest figure of every series (name and labels) of these names since then: what each machine said last. */
export async function latestMetrics(
  ops: Db,
  { names, environment, since }: { names: readonly string[]; environment: string; since: Date },
): Promise<StoredMetric[]> {
  const newest = new Map<string, StoredMetric>();
  const found = metricsOf(ops).find(
    { "meta.name": { $in: [...names] }, "meta.environment": environment, at: { $gte: since } },
    { projection: { _id: 0 } },
  );
  for await (const metric of found) {
    const series = `${metric.meta.name}|${labelText(metric.meta.labels)}`;
    const known = newest.get(series);
    if (!known || known.at <= metric.at) newest.set(series, metric);
  }
  return [...newest.values()];
}
