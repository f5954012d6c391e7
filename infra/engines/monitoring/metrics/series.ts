import type { Db, Filter } from "mongodb";
import { metricsOf, rollUpsIn } from "./collections";
import { bucketOf } from "./histogram";
import type { StoredMetric } from "./metric";
import { hourMs, hourOf, summaryOf, type Part, type RollUp, type Summary } from "./roll-up";

export interface SeriesWish {
  name: string;
  /** Of every environment where none is given. */
  environment?: string;
  since: Date;
  /** Now, where it is not given. */
  until?: Date;
  /** Width of a point in milliseconds; whole hours are read from the roll-ups, anything else from the raw figures. */
  step: number;
}

/** The figures of one step, which begins at `at`. */
export type SeriesPoint = Summary & { at: Date };

type PartAt = Part & { at: Date };

/** One metric over time, oldest first; steps without any figure are left out. */
export async function metricSeries(ops: Db, wish: SeriesWish): Promise<SeriesPoint[]> {
  const step = Math.max(1, Math.floor(wish.step));
  const parts = step % hourMs === 0 ? await hours(ops, wish) : await raw(ops, wish);
  const points = new Map<number, PartAt[]>();
  for (const part of parts) {
    const start = Math.floor(part.at.getTime() / step) * step;
    const others = points.get(start);
    if (others) others.push(part);
    else points.set(start, [part]);
  }
  return [...points]
    .sort(([a], [b]) => a - b)
    .map(([start, all]) => ({ at: new Date(start), ...summaryOf(all) }));
}

async function hours(
  ops: Db,
  { name, environment, since, until = new Date() }: SeriesWish,
): Promise<PartAt[]> {
  const filter: Filter<RollUp> = { name, hour: { $gte: hourOf(since), $lt: until } };
  if (environment !== undefined) filter.environment = environment;
  const found = await rollUpsIn(ops).find(filter).toArray();
  return found.map((rollUp) => ({ ...rollUp, at: rollUp.hour }));
}

async function raw(ops: Db, { name, environment, since, until = new Date() }: SeriesWish): Promise<PartAt[]> {
  const filter: Filter<StoredMetric> = { "meta.name": name, at: { $gte: since, $lt: until } };
  if (environment !== undefined) filter["meta.environment"] = environment;
  const found = metricsOf(ops).find(filter, { projection: { _id: 0, at: 1, value: 1 } });
  return found
    .map(({ at, value }) => ({
      at,
      count: 1,
      sum: value,
      min: value,
      max: value,
      histogram: { [bucketOf(value)]: 1 },
    }))
    .toArray();
}
