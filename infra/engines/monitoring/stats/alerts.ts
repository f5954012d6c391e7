import type { Db } from "mongodb";
import { within, type Period } from "./period";

/** How many alerts there were, and how many nobody has resolved yet. */
export interface AlertCounts {
  total: number;
  active: number;
  critical: number;
}

/** What people heard of or soon will: one that only waits for its time, or whose rule is tried out, is none yet. */
export const heardOf = { firedAt: { $not: { $type: "null" } }, dryRun: { $ne: true } };

/** Counts the alerts of a period; `critical` are the active ones of that level. */
export async function countAlerts(ops: Db, period: Period): Promise<AlertCounts> {
  const since = within(period);
  const { environment } = period;
  const active = { $ne: ["$resolved", true] };
  const count = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } });
  const [found] = await ops
    .collection<{ _id: string }>("alerts")
    .aggregate<AlertCounts>([
      {
        $match: {
          _id: { $gte: "" },
          ...heardOf,
          ...(since ? { since } : {}),
          ...(environment === undefined ? {} : { environment: { $in: [environment, "", null] } }),
        },
      },
      {
        $group: {
          _id: null,
          total: { $sum: 1 },
          active: count(active),
          critical: count({ $and: [active, { $eq: ["$level", "critical"] }] }),
        },
      },
      { $project: { _id: 0 } },
    ])
    .toArray();
  return found ?? { total: 0, active: 0, critical: 0 };
}
