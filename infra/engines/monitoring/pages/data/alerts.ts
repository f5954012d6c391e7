import type { Db } from "mongodb";
import { z } from "zod";

const stored = z.object({
  _id: z.string(),
  rule: z.string(),
  subject: z.string(),
  level: z.enum(["warning", "critical"]),
  title: z.string(),
  text: z.string().default(""),
  since: z.date(),
  firedAt: z.date().nullish(),
  resolvedAt: z.date().nullish(),
  resolved: z.boolean().default(false),
  resolvedBy: z.string().nullish(),
  silencedUntil: z.date().nullish(),
  release: z.number().nullish(),
  dryRun: z.boolean().default(false),
  parent: z.string().nullish(),
});

export type AlertShown = Omit<z.infer<typeof stored>, "_id"> & { id: string };

export interface AlertsShown {
  /** The critical ones first, then the longest burning. */
  open: AlertShown[];
  /** Those of the last seven days, newest first, as many as a reader takes in. */
  resolved: AlertShown[];
}

/** Alerts are grouped before they are written: more of them in a week are all about the same. */
const readAtMost = 1000;
/** A server that allows no table scan says so where the index is not there yet. */
const noIndex = 291;
const recentMs = 7 * 24 * 3600_000;

/** The alerts that burn, and those that did lately. One that waits for its time to be over has not fired yet. */
export async function readAlerts(ops: Db, now: Date): Promise<AlertsShown> {
  const found = await newestAndOpen(ops, now);
  const alerts = found.flatMap((document) => {
    const parsed = stored.safeParse(document);
    if (!parsed.success) return [];
    const { _id: id, ...rest } = parsed.data;
    return [{ id, ...rest }];
  });
  const isOver = (one: AlertShown) => one.resolved || Boolean(one.resolvedAt);
  const isFired = (one: AlertShown) => one.firedAt !== null && !one.dryRun;
  return {
    open: alerts.filter((one) => !isOver(one) && isFired(one)).sort(byUrgency),
    resolved: alerts
      .filter((one) => isOver(one) && isFired(one) && endOf(one) > now.getTime() - recentMs)
      .sort((a, b) => endOf(b) - endOf(a))
      .slice(0, 10),
  };
}

/** Whatever is not done with, and all of the last days; by the indexes that the engine of alerts makes. */
async function newestAndOpen(ops: Db, now: Date): Promise<{ _id: string }[]> {
  const alerts = ops.collection<{ _id: string; done: boolean; since: Date }>("alerts");
  const since = new Date(now.getTime() - recentMs);
  try {
    const [open, newest] = await Promise.all([
      alerts.find({ done: false }).limit(readAtMost).toArray(),
      alerts
        .find({ since: { $gte: since } })
        .sort({ since: -1 })
        .limit(readAtMost)
        .toArray(),
    ]);
    return [...new Map([...open, ...newest].map((one) => [one._id, one])).values()];
  } catch (error) {
    if ((error as { code?: unknown }).code !== noIndex) throw error;
    return alerts.find({}).sort({ _id: -1 }).limit(readAtMost).toArray();
  }
}

function byUrgency(a: AlertShown, b: AlertShown): number {
  if (a.level !== b.level) return a.level === "critical" ? -1 : 1;
  return a.since.getTime() - b.since.getTime();
}

function endOf({ resolvedAt, since }: AlertShown): number {
  return (resolvedAt ?? since).getTime();
}
