import type { Db } from "mongodb";
import type { AlertSettings } from "../settings";
import { alertCollections } from "../store/collections";
import { announceRelease } from "./announce-release";
import { newsOfRelease, type ReleaseSeen } from "./news-of-release";

const lookedAt = 5;

/** Queues what the journal tells of releases that began since a time; what was told before is not told again. */
export async function announceReleases(
  ops: Db,
  settings: AlertSettings,
  since: Date,
  now = new Date(),
): Promise<number[]> {
  const { ops: reading } = alertCollections(ops);
  const newest = await reading
    .collection<ReleaseSeen>("releases")
    .find({})
    .sort({ _id: -1 })
    .limit(lookedAt)
    .toArray();
  const begun = newest.filter(({ startedAt }) => startedAt >= since).reverse();
  await announceRelease(ops, settings, begun.flatMap(newsOfRelease), now);
  return begun.map(({ _id }) => _id);
}
