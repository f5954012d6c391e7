import { randomUUID } from "node:crypto";
import type { Db } from "mongodb";
import type { Silence } from "./state/quiet";
import { alertCollections, ensureIndexes } from "./store/collections";

/** Of what nobody is to hear, until when, and who says so why. */
export interface SilenceWanted {
  rule?: string | undefined;
  subject?: string | undefined;
  until: Date;
  by: string;
  reason: string;
}

/** Keeps a rule, a subject or everything quiet for a while; alerts go on being recorded. */
export async function silence(ops: Db, wanted: SilenceWanted, now = new Date()): Promise<Silence> {
  const { silences } = await ensureIndexes(ops);
  const { rule = null, subject = null, until, by, reason } = wanted;
  const kept: Silence = {
    _id: `${now.toISOString()}-${randomUUID().slice(0, 8)}`,
    version: 1,
    ...{ rule, subject, until, by, reason, at: now },
  };
  await silences.insertOne(kept);
  return kept;
}

/** Keeps one alert quiet for a while; false where no such one is open. */
export async function silenceAlert(ops: Db, id: string, until: Date): Promise<boolean> {
  const { alerts } = alertCollections(ops);
  const { matchedCount } = await alerts.updateOne(
    { _id: id, resolved: false },
    { $set: { silencedUntil: until } },
  );
  return matchedCount === 1;
}

/** Ends a silence before its time; false where there is none of that name. */
export async function endSilence(ops: Db, id: string): Promise<boolean> {
  return (await alertCollections(ops).silences.deleteOne({ _id: id })).deletedCount === 1;
}

/** The silences that are not over. */
export async function listSilences(ops: Db, now = new Date()): Promise<Silence[]> {
  const all = await alertCollections(ops).silences.find({}).toArray();
  return all.filter(({ until }) => until > now);
}
