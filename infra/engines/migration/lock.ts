import { randomUUID } from "node:crypto";
import type { Binary, ClientSession, Collection, Db } from "mongodb";
import { isAlive, processSpace, runner } from "./runner";

export const lockId = "migrations";
const fenceId = "migrations.fence";

/** The lock as the operations' database keeps it; free when it has no owner, or when it has expired. */
export interface LockDocument {
  _id: string;
  owner: string | null;
  by: string;
  host: string;
  processSpace: string;
  pid: number;
  reason: string;
  since: Date;
  heartbeatAt: Date;
  expiresAt: Date;
  /** Rises with every owner. What an earlier one still tries is told by its lower token. */
  token: number;
  /** The session of the owner's transactions, and that of the owner before: to be ended by the one who follows. */
  session: Binary;
  previousSession: Binary | null;
}

interface Fence {
  _id: string;
  token: number;
  uses: number;
}

function locks(ops: Db): Collection<LockDocument> {
  return ops.collection<LockDocument>("locks");
}

function fences(ops: Db): Collection<Fence> {
  return ops.collection<Fence>("locks");
}

/** Takes the lock when it is free, expired or its owner is dead, in one atomic write; gives it as it then stands. */
export async function tryLock(
  ops: Db,
  owner: string,
  wanted: { reason: string; leaseMs: number; session: Binary },
): Promise<LockDocument> {
  const seen = await locks(ops).findOne({ _id: lockId });
  const dead = seen?.owner && seen.processSpace === processSpace() && !isAlive(seen.pid) ? seen.owner : null;
  const free = {
    $or: [{ $in: [{ $ifNull: ["$owner", null] }, [null, dead]] }, { $lte: ["$expiresAt", "$$NOW"] }],
  };
  const mine = {
    owner,
    ...runner(),
    processSpace: processSpace(),
    pid: process.pid,
    reason: wanted.reason,
    session: wanted.session,
  };
  // Only the server's clock counts: those of two runners need not agree.
  const taken = {
    _id: "$_id",
    since: "$$NOW",
    heartbeatAt: "$$NOW",
    expiresAt: { $add: ["$$NOW", wanted.leaseMs] },
    token: { $add: [{ $ifNull: ["$token", 0] }, 1] },
    previousSession: { $ifNull: ["$session", null] },
  };
  const found = await locks(ops).findOneAndUpdate(
    { _id: lockId },
    [{ $replaceWith: { $cond: [free, { $mergeObjects: [{ $literal: mine }, taken] }, "$$ROOT"] } }],
    { upsert: true, returnDocument: "after", writeConcern: { w: "majority" } },
  );
  if (!found) throw new Error("an upsert that gives back what it wrote gave nothing");
  return found;
}

export function newOwner(): string {
  return randomUUID();
}

/** Moves the expiry on; false when the lock is no longer this owner's. */
export async function beat(ops: Db, owner: string, leaseMs: number): Promise<boolean> {
  const { matchedCount } = await locks(ops).updateOne(
    { _id: lockId, owner },
    [{ $set: { heartbeatAt: "$$NOW", expiresAt: { $add: ["$$NOW", leaseMs] } } }],
    { maxTimeMS: leaseMs },
  );
  return matchedCount === 1;
}

/** Gives the lock back, and says whether it was this owner's; the token stays, so that the next one is higher. */
export async function unlock(ops: Db, owner: string): Promise<boolean> {
  const { matchedCount } = await locks(ops).updateOne({ _id: lockId, owner }, { $set: { owner: null } });
  return matchedCount === 1;
}

export async function readLock(ops: Db): Promise<LockDocument | null> {
  return locks(ops).findOne({ _id: lockId });
}

/**
 * Shuts out every earlier owner for good: a transaction of one that still runs has touched the fence and conflicts.
 * Waits for such a transaction at most as long as a server lets it live.
 */
export async function raiseFence(ops: Db, token: number): Promise<void> {
  await fences(ops).updateOne({ _id: fenceId }, [{ $set: { token: { $max: ["$token", token] }, uses: 0 } }], {
    upsert: true,
    maxTimeMS: 70_000,
    writeConcern: { w: "majority" },
  });
}

/** Touches the fence in a transaction; false when a later owner has raised it. */
export async function passFence(ops: Db, token: number, session: ClientSession): Promise<boolean> {
  // Reading would not do: only a write makes the transaction and a take-over exclude each other.
  const { matchedCount } = await fences(ops).updateOne(
    { _id: fenceId, token },
    { $inc: { uses: 1 } },
    { session },
  );
  return matchedCount === 1;
}
