import type { Db } from "mongodb";
import { hourOf, rollUpsIn } from "../metrics";
import { within, type Period } from "./period";
import { releasesIn, releasesOf } from "./releases";

/** What deployments come to. */
export interface Tally {
  deployments: number;
  successful: number;
  deploymentMs: number;
  migrations: number;
  migrationMs: number;
  last: Date | null;
}

const ended = new Set(["success", "failed", "rolled-back"]);

const nothing: Tally = {
  deployments: 0,
  successful: 0,
  deploymentMs: 0,
  migrations: 0,
  migrationMs: 0,
  last: null,
};

/** The releases of the journal that have ended: one that still runs is neither good nor bad. */
export async function tallyReleases(ops: Db, period: Period): Promise<Tally> {
  const isMigration = { $gte: [{ $indexOfBytes: ["$$this.name", "migration"] }, 0] };
  const [found] = await releasesIn(ops)
    .aggregate<Tally>([
      { $match: { ...releasesOf(period), state: { $in: ["done", "failed"] } } },
      { $set: { migrated: { $filter: { input: { $ifNull: ["$steps", []] }, cond: isMigration } } } },
      {
        $group: {
          _id: null,
          deployments: { $sum: 1 },
          successful: { $sum: { $cond: [{ $eq: ["$state", "done"] }, 1, 0] } },
          deploymentMs: { $sum: { $subtract: ["$finishedAt", "$startedAt"] } },
          migrations: { $sum: { $cond: [{ $gt: [{ $size: "$migrated" }, 0] }, 1, 0] } },
          migrationMs: { $sum: { $sum: "$migrated.durationMs" } },
          last: { $max: "$startedAt" },
        },
      },
      { $project: { _id: 0 } },
    ])
    .toArray();
  return found ?? nothing;
}

/** The deployments that others have reported as metrics, from their roll-ups: a period begins with its whole first hour. */
export async function tallyReported(ops: Db, period: Period): Promise<Tally> {
  const hour = within({ ...period, since: period.since && hourOf(period.since) });
  const groups = await rollUpsIn(ops)
    .aggregate<{ _id: { phase?: string; status?: string }; count: number; sum: number; last: Date }>([
      {
        $match: {
          name: "deployment",
          ...(hour ? { hour } : {}),
          ...(period.environment === undefined ? {} : { environment: period.environment }),
        },
      },
      {
        $group: {
          _id: { phase: "$labels.phase", status: "$labels.status" },
          count: { $sum: "$count" },
          sum: { $sum: "$sum" },
          last: { $max: "$hour" },
        },
      },
    ])
    .toArray();
  const tally = { ...nothing };
  for (const { _id, count, sum, last } of groups) {
    if (_id.phase === "migration") {
      tally.migrations += count;
      tally.migrationMs += sum;
    } else if (_id.phase === "deployment" && ended.has(_id.status ?? "")) {
      tally.deployments += count;
      tally.deploymentMs += sum;
      if (_id.status === "success") tally.successful += count;
      if (!tally.last || last > tally.last) tally.last = last;
    }
  }
  return tally;
}
