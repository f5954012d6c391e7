import { readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Alert } from "../alert";
import type { Message } from "../outbox/message";
import type { AwayPlace } from "./away-place";
import type { AlertCollections } from "./collections";
import type { AlertStore } from "./contract";
import { played } from "./file-store";
import { readEntries, remove, taken } from "./journal-file";

/** Brings what happened while the database was away into it; stopped anywhere, the next time goes on. */
export async function mergeAway(place: AwayPlace, collections: AlertCollections, store: AlertStore) {
  // Nothing is taken away from where it is read before there is a database to bring it into.
  await collections.ops.command({ ping: 1 });
  const names = await readdir(place.folder).catch(() => [] as string[]);
  if (names.includes("while-away.jsonl")) {
    const name = `${taken}${Date.now()}-${process.pid}.jsonl`;
    // Somebody else may have been faster.
    const isMine = await rename(place.journal, join(place.folder, name)).then(
      () => true,
      () => false,
    );
    if (isMine) names.push(name);
  }
  for (const name of names.filter((one) => one.startsWith(taken)).sort())
    await mergeFile(join(place.folder, name), collections, store);
}

async function mergeFile(file: string, collections: AlertCollections, store: AlertStore): Promise<void> {
  for (;;) {
    const size = await sizeOf(file);
    const { alerts, dropped, messages, deliveries } = played(await readEntries(file));
    for (const alert of alerts.values()) await mergeAlert(alert, collections, store);
    if (dropped.size > 0) await collections.alerts.deleteMany({ _id: { $in: [...dropped] }, told: null });
    for (const message of messages.values()) await mergeMessage(message, collections);
    for (const delivery of deliveries.values()) await store.note(delivery);
    if ((await sizeOf(file)) === size) return remove(file);
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => ({ size: 0 }))).size;
}

async function mergeAlert(alert: Alert, { alerts }: AlertCollections, store: AlertStore): Promise<void> {
  const [kept] = await store.begin([alert]);
  if (kept) return;
  const before = await alerts.findOne({ _id: alert._id });
  if (before) {
    if (before.seenAt <= alert.seenAt) await store.keep([alert]);
    return;
  }
  // Another monitor has an open alert about the same thing: this one is its double, and stays for the record.
  const done = alert.told === null;
  const resolved = {
    resolved: true,
    resolvedAt: alert.seenAt,
    resolvedBy: "another alert of the same thing",
  };
  await store.begin([{ ...alert, ...resolved, done }]);
}

async function mergeMessage(message: Message, { outbox }: AlertCollections): Promise<void> {
  const { _id, ...rest } = message;
  const before = await outbox.findOne({ _id });
  if (!before) await outbox.insertOne(message);
  else if (before.state !== "delivered") await outbox.updateOne({ _id }, { $set: rest });
}
