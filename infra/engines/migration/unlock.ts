import type { DatabaseAddress } from "../../drivers/mongo";
import { withDatabases } from "./connection";
import { readLock, unlock, type LockDocument } from "./lock";

/** Who holds the lock of the migrations. */
export interface LockHolder {
  /** Names this one time of holding it. */
  owner: string;
  by: string;
  host: string;
  pid: number;
  reason: string;
  since: Date;
  heartbeatAt: Date;
  /** After this moment the next run takes it by itself. */
  expiresAt: Date;
}

export interface LockAt {
  address: DatabaseAddress;
  signal?: AbortSignal | undefined;
}

/** Who holds the lock, or null. Reads only. */
export async function migrationsLock({ address, signal }: LockAt): Promise<LockHolder | null> {
  return withDatabases(address, signal, async ({ ops }) => holderOf(await readLock(ops)));
}

/**
 * Takes the lock from the one who was seen to hold it, and gives it to nobody; null when that one has it no more.
 * A run that still lives notices before its next command, and the next run ends what it left on the server.
 */
export async function unlockMigrations({
  address,
  owner,
  signal,
}: LockAt & { owner: string }): Promise<LockHolder | null> {
  return withDatabases(address, signal, async ({ ops }) => {
    const holder = holderOf(await readLock(ops));
    if (holder?.owner !== owner) return null;
    return (await unlock(ops, owner)) ? holder : null;
  });
}

function holderOf(lock: LockDocument | null): LockHolder | null {
  if (!lock?.owner) return null;
  const { owner, by, host, pid, reason, since, heartbeatAt, expiresAt } = lock;
  return { owner, by, host, pid, reason, since, heartbeatAt, expiresAt };
}
