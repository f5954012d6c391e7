import { userInfo } from "node:os";
import type { Collection, Db } from "mongodb";
import { z } from "zod";

const duplicateKey = 11000;

const recovery = z.object({
  /** "current" while it goes on, the moment of its beginning afterwards. */
  _id: z.string(),
  version: z.literal(1),
  /** Stands in the reason of its release, so that a later run knows it again. */
  key: z.string(),
  archive: z.string(),
  kind: z.enum(["database", "full"]),
  /** The writes that may be gone, as they were confirmed. */
  acceptedLoss: z.union([z.int().nonnegative(), z.literal("unknown")]),
  state: z.enum(["running", "done", "given-up"]),
  steps: z.array(z.object({ name: z.string(), at: z.date() })),
  by: z.string(),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
});

/** A recovery from an archive, as it remembers what it has done: whoever runs it again goes on from there. */
export type Recovery = z.infer<typeof recovery>;
export type RecoveryStep = "stopped" | "restoring" | "restored";

function recoveries(ops: Db): Collection<Recovery> {
  return ops.collection<Recovery>("recoveries");
}

/** The recovery that goes on; null where there is none. */
export async function openRecovery(ops: Db): Promise<Recovery | null> {
  const found = await recoveries(ops).findOne({ _id: "current" });
  return found ? recovery.parse(found) : null;
}

/** Writes a recovery down before anything is done; where another was quicker, that one is the answer. */
export async function beginRecovery(
  ops: Db,
  wanted: Pick<Recovery, "key" | "archive" | "kind" | "acceptedLoss">,
): Promise<Recovery> {
  const begun: Recovery = {
    ...{ _id: "current", version: 1, state: "running", steps: [], ...wanted },
    ...{ by: userInfo().username, startedAt: new Date(), finishedAt: null },
  };
  try {
    await recoveries(ops).insertOne(begun);
    return begun;
  } catch (error) {
    if ((error as { code?: unknown }).code !== duplicateKey) throw error;
    return (await openRecovery(ops)) ?? begun;
  }
}

/** Notes a step of a recovery; the same step again is noted again. */
export async function noteRecovery(ops: Db, key: string, name: RecoveryStep): Promise<void> {
  await recoveries(ops).updateOne({ _id: "current", key }, { $push: { steps: { name, at: new Date() } } });
}

/** Accepts another loss, where more was written before the app had stopped. */
export async function acceptLoss(
  ops: Db,
  key: string,
  acceptedLoss: Recovery["acceptedLoss"],
): Promise<void> {
  await recoveries(ops).updateOne({ _id: "current", key }, { $set: { acceptedLoss } });
}

/** Ends a recovery, and keeps it under the moment of its beginning. */
export async function endRecovery(ops: Db, key: string, state: "done" | "given-up"): Promise<void> {
  const found = await openRecovery(ops);
  if (found?.key !== key) return;
  const ended = { ...found, state, finishedAt: new Date() };
  const { _id, ...rest } = ended;
  await recoveries(ops).replaceOne({ _id: found.startedAt.toISOString() }, rest, { upsert: true });
  await recoveries(ops).deleteOne({ _id, key });
}
