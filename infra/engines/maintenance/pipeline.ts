import type { Db } from "mongodb";
import { meaningOf, newPass, readSwitch, remember, switches, untouched, type StoredSwitch } from "./switch";

/** What a release says while it needs the app for itself. */
export interface ReleaseMaintenance {
  release: number;
  reason: string;
  /** The end of it even if this process and the database are gone. */
  patienceMs: number;
}

const message = "The D&D Tracker is being updated and is back in a few minutes.";

/**
 * Opens the window of a release; one that a person has opened is theirs and stays as it is. Answers whether the
 * switch is the release's now.
 */
export async function openForRelease(
  ops: Db,
  wanted: ReleaseMaintenance,
  now = new Date(),
): Promise<boolean> {
  const { release, reason, patienceMs } = wanted;
  const seen = await readSwitch(ops);
  if (seen.release === null && meaningOf(seen, now).on) return false;
  const { on, release: owner, pass, displaced, version, ...planned } = seen;
  const until = new Date(now.getTime() + patienceMs);
  const next: StoredSwitch = {
    ...untouched,
    ...{ on: true, message, from: now, until, by: `release ${release}`, reason, release },
    pass: pass ?? newPass(),
    displaced: owner === null && planned.from !== null ? planned : displaced,
  };
  const { _id, ...rest } = next;
  await switches(ops).replaceOne({ _id }, rest, { upsert: true });
  if (!on || owner !== release) await remember(ops, next, now);
  return true;
}

/** Closes the window of a release, or of an earlier one that was cut off; a person's stays open. */
export async function closeAfterRelease(ops: Db, release: number, now = new Date()): Promise<boolean> {
  const seen = await readSwitch(ops);
  if (seen.release === null || seen.release > release) return false;
  const planned = seen.displaced ?? {};
  const next: StoredSwitch = { ...untouched, ...planned, on: false };
  const { _id, ...rest } = next;
  const { modifiedCount } = await switches(ops).replaceOne({ _id, release: seen.release }, rest);
  if (modifiedCount > 0) await remember(ops, { ...next, by: `release ${release}`, reason: "done" }, now);
  return modifiedCount > 0;
}
