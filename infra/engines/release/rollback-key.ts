import { hostname, userInfo } from "node:os";
import type { Db } from "mongodb";
import { RestoreRepeatedError } from "./errors";

const duplicateKey = 11000;

/** A restore as the operations' database remembers it: its key is taken before the work, and never again. */
export interface RestoreOnce {
  _id: string;
  purpose: "restore";
  release: number;
  archive: string;
  usedAt: Date;
  by: string;
  host: string;
}

/** Takes the one-time key of a restore in one atomic write; refuses one that was taken before. */
export async function restoreOnce(
  ops: Db,
  { key, release, archive }: { key: string; release: number; archive: string },
): Promise<RestoreOnce> {
  const keys = ops.collection<RestoreOnce>("oneTimeKeys");
  const taken: RestoreOnce = {
    ...{ _id: key, purpose: "restore", release, archive, usedAt: new Date() },
    ...{ by: userInfo().username, host: hostname() },
  };
  try {
    await keys.insertOne(taken);
    return taken;
  } catch (error) {
    if ((error as { code?: unknown }).code !== duplicateKey) throw error;
    throw new RestoreRepeatedError((await keys.findOne({ _id: key })) ?? taken);
  }
}
