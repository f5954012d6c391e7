import type { Db } from "mongodb";

/** Resolves an open alert in somebody's name; false where there is none of this id. The app may change nothing else of it. */
export async function resolveAlert(operations: Db, id: string, by: string): Promise<boolean> {
  const resolved = await operations
    .collection<{ _id: string; resolved: boolean }>("alerts")
    .updateOne(
      { _id: id, resolved: { $ne: true } },
      { $set: { resolved: true, resolvedAt: new Date(), resolvedBy: by } },
    );
  return resolved.matchedCount > 0;
}
