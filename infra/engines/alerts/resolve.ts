import type { Db } from "mongodb";
import type { Alert } from "./alert";
import { alertCollections } from "./store/collections";

/** Ends an alert by somebody's word; one that is over stays as it is. Null where there is none of that name. */
export async function resolveAlert(ops: Db, id: string, by: string, now = new Date()): Promise<Alert | null> {
  const { alerts } = alertCollections(ops);
  const ended = await alerts.findOneAndUpdate(
    { _id: id, resolved: false },
    [
      {
        $set: {
          resolved: true,
          resolvedAt: { $literal: now },
          resolvedBy: { $literal: by },
          // Who was told of it is told of its end by the next round.
          done: { $eq: ["$told", null] },
        },
      },
    ],
    { returnDocument: "after" },
  );
  return ended ?? alerts.findOne({ _id: id });
}
