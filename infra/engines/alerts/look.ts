import type { Db } from "mongodb";
import { isOpen, type Alert } from "./alert";
import { NewerAlertError } from "./errors";
import { alertCollections } from "./store/collections";

/** The alerts that are open: they have fired, and are not over. */
export async function openAlerts(ops: Db): Promise<Alert[]> {
  const undone = await alertCollections(ops).alerts.find({ done: false }).toArray();
  return undone.map(readable).filter(isOpen);
}

/** The alerts that fired since a time, newest first, as many as asked for. */
export async function listAlerts(
  ops: Db,
  { since, limit = 100 }: { since?: Date | undefined; limit?: number | undefined } = {},
): Promise<Alert[]> {
  const { alerts } = alertCollections(ops);
  const found: Alert[] = [];
  const newest = alerts.find({ since: { $gte: since ?? new Date(0) } }).sort({ since: -1 });
  for await (const alert of newest) {
    if (alert.firedAt === null) continue;
    found.push(readable(alert));
    if (found.length >= limit) break;
  }
  return found;
}

function readable(alert: Alert): Alert {
  if (alert.version > 1) throw new NewerAlertError(alert._id, alert.version);
  return alert;
}
