import type { Db } from "mongodb";

interface Alert {
  _id: string;
  resolved: boolean;
}

/**
 * Ends an open alert by somebody's word; false where none of this id is open. It leaves the same as the monitor does, in
 * whose next round everybody is told who was told of the alert: the app may change nothing else of it and sends nothing.
 */
export async function resolveAlert(operations: Db, id: string, by: string): Promise<boolean> {
  const resolved = { resolved: true, resolvedAt: { $literal: new Date() }, resolvedBy: { $literal: by } };
  const found = await operations
    .collection<Alert>("alerts")
    .updateOne({ _id: id, resolved: false }, [{ $set: { ...resolved, done: { $eq: ["$told", null] } } }]);
  return found.matchedCount > 0;
}
