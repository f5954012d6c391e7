import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import type { Collection, Db } from "mongodb";
import { z } from "zod";
import { maintenanceState, usualMaintenanceMessage } from "../../support";
import { NewerSwitchError } from "./errors";

const window = z.object({
  message: z.string(),
  from: z.date().nullable(),
  until: z.date().nullable(),
  by: z.string(),
  reason: z.string(),
  allowed: z.array(z.string()),
  announcedAt: z.date().nullable(),
});

const stored = window.extend({
  _id: z.literal("current"),
  version: z.literal(1),
  /** True once it has begun; one that is to begin by itself has only its `from`. */
  on: z.boolean(),
  /** The release that opened it and will close it; null where a person did. */
  release: z.int().positive().nullable().default(null),
  /** Lets the release's own verification through. */
  pass: z.string().nullable().default(null),
  /** What a person had planned when a release needed the switch: it comes back afterwards. */
  displaced: window.nullable().default(null),
});

type Window = z.infer<typeof window>;
export type StoredSwitch = z.infer<typeof stored>;

/** The maintenance mode as it is at a moment. */
export interface Maintenance extends Window {
  on: boolean;
  /** It begins by itself at `from`. */
  scheduled: boolean;
  release: number | null;
  pass: string | null;
}

/** What maintenance mode is switched to; a `from` in the future makes it begin by itself. */
export interface MaintenanceWish {
  on: boolean;
  message?: string | undefined;
  from?: Date | null;
  until?: Date | null;
  reason?: string | undefined;
  /** Addresses and networks (10.0.0.0/8) whose requests go through. */
  allowed?: readonly string[];
  by?: string;
}

const nobody: Window = {
  ...{ message: "", from: null, until: null, by: "", reason: "", allowed: [], announcedAt: null },
};

/** The switch where nobody has ever touched it. */
export const untouched: StoredSwitch = {
  ...nobody,
  ...{ _id: "current", version: 1, on: false, release: null, pass: null, displaced: null },
};

export function switches(ops: Db): Collection<StoredSwitch> {
  return ops.collection<StoredSwitch>("maintenance");
}

/** The switch as it is stored; one of a later edition is refused. */
export async function readSwitch(ops: Db, patienceMs?: number): Promise<StoredSwitch> {
  const options = patienceMs === undefined ? {} : { timeoutMS: patienceMs };
  const found = await switches(ops).findOne({ _id: "current" }, options);
  if (!found) return untouched;
  if (found.version !== 1) throw new NewerSwitchError(found.version);
  return stored.parse(found);
}

/** What a stored switch means at a moment. */
export function meaningOf(seen: StoredSwitch, now: Date): Maintenance {
  const { message, from, until, by, reason, allowed, announcedAt, release, pass } = seen;
  const shown = { message, from, until, by, reason, allowed, announcedAt, release, pass };
  const state = maintenanceState(seen, now);
  return { ...shown, on: state === "on", scheduled: state === "announced" };
}

/** Whether maintenance mode is on, is to come, or neither. */
export async function maintenanceNow(ops: Db, now = new Date()): Promise<Maintenance> {
  return meaningOf(await readSwitch(ops), now);
}

/** Switches maintenance mode on, off, or to begin later; what it was before stays in the history. */
export async function setMaintenance(ops: Db, wish: MaintenanceWish, now = new Date()): Promise<Maintenance> {
  const {
    on,
    message = usualMaintenanceMessage,
    from = null,
    until = null,
    reason = "",
    allowed = [],
  } = wish;
  const { by = userInfo().username } = wish;
  const begins = from ?? now;
  const given = { message, from: begins, until, by, reason, allowed: [...allowed], announcedAt: null };
  const next: StoredSwitch = on
    ? { ...untouched, ...given, on: begins <= now, pass: newPass() }
    : { ...untouched, ...nobody, by, reason };
  const before = await replaceSwitch(ops, next);
  await remember(ops, next, now);
  const same = on && before?.from?.getTime() === begins.getTime();
  if (same && before.announcedAt !== null) await markAnnounced(ops, before.announcedAt);
  return meaningOf(next, now);
}

/** Notes that the players were told of what is to come. */
export async function markAnnounced(ops: Db, at: Date): Promise<void> {
  await switches(ops).updateOne({ _id: "current" }, { $set: { announcedAt: at } });
}

/** What lets a verification through, made where there is none yet. */
export async function ensurePass(ops: Db): Promise<string> {
  const known = await readSwitch(ops);
  if (known.pass !== null) return known.pass;
  const { _id, pass, ...rest } = untouched;
  const made = newPass();
  try {
    await switches(ops).updateOne(
      { _id, pass },
      { $set: { pass: made }, $setOnInsert: rest },
      { upsert: true },
    );
    return made;
  } catch (error) {
    // Somebody else has made one at the same moment.
    if ((error as { code?: unknown }).code !== 11000) throw error;
    return (await readSwitch(ops)).pass ?? made;
  }
}

export function newPass(): string {
  return randomBytes(24).toString("base64url");
}

/** Brings what is stored in line with the time: one that has begun says so, one that is over is off. */
export async function settleMaintenance(ops: Db, now = new Date()): Promise<Maintenance> {
  const seen = await readSwitch(ops);
  const { on } = meaningOf(seen, now);
  if (on && !seen.on) await switches(ops).updateOne({ _id: "current", from: seen.from }, { $set: { on } });
  const over = !on && seen.until !== null && seen.until <= now;
  if (over && seen.release === null)
    return setMaintenance(ops, { on: false, reason: "its time was over" }, now);
  return meaningOf(seen, now);
}

async function replaceSwitch(ops: Db, next: StoredSwitch): Promise<StoredSwitch | null> {
  const { _id, ...rest } = next;
  return switches(ops).findOneAndReplace({ _id }, rest, { upsert: true, returnDocument: "before" });
}

/** The history: one document for each turn of the switch, by its moment. */
export async function remember(ops: Db, turned: StoredSwitch, now: Date): Promise<void> {
  const { on, message, from, until, by, reason, allowed, release } = turned;
  const entry = { version: 1, on, message, from, until, by, reason, allowed, release, at: now };
  await ops
    .collection<{ _id: string }>("maintenance")
    .updateOne({ _id: now.toISOString() }, { $set: entry }, { upsert: true });
}
