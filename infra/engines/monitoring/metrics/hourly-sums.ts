import type { Db } from "mongodb";
import { rollUpsIn } from "./collections";
import { hourOf } from "./roll-up";

/** What one metric came to in one hour, all its series together. */
export interface HourlySum {
  at: Date;
  count: number;
  sum: number;
}

/** Several metrics by the hour, oldest first, added up where they are kept: their histograms are not brought over. */
export async function hourlySums<Name extends string>(
  ops: Db,
  {
    names,
    environment,
    since,
    until,
  }: { names: readonly Name[]; environment: string; since: Date; until: Date },
): Promise<Record<Name, HourlySum[]>> {
  const found = await rollUpsIn(ops)
    .aggregate<{ _id: { name: Name; hour: Date }; count: number; sum: number }>([
      { $match: { name: { $in: names }, hour: { $gte: hourOf(since), $lt: until }, environment } },
      {
        $group: {
          _id: { name: "$name", hour: "$hour" },
          count: { $sum: "$count" },
          sum: { $sum: "$sum" },
        },
      },
      { $sort: { "_id.hour": 1 } },
    ])
    .toArray();
  const of = (wanted: Name) =>
    found.flatMap(({ _id, count, sum }) => (_id.name === wanted ? [{ at: _id.hour, count, sum }] : []));
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Name, HourlySum[]>;
}
