import type { Db } from "mongodb";
import { alertCollections } from "../store/collections";
import type { Message } from "./message";

/** Sends again what never arrived; or, of one alert, everything that was said of it. Tells how many messages that are. */
export async function replay(ops: Db, thread?: string, now = new Date()): Promise<number> {
  const { outbox } = alertCollections(ops);
  const prefix = `${thread ?? ""}#`;
  const wanted =
    thread === undefined
      ? { state: { $in: ["refused" as const, "expired" as const] } }
      : { _id: { $gte: prefix, $lt: `${prefix}\uffff` } };
  const found = (await outbox.find(wanted).toArray()).filter(
    ({ state }) => state !== "waiting" && state !== "sending",
  );
  for (const { _id, state, possiblyRepeated } of found)
    await outbox.updateOne({ _id, state }, { $set: again(state, possiblyRepeated, now) });
  return found.length;
}

function again(state: Message["state"], possiblyRepeated: boolean, now: Date) {
  return {
    state: "waiting" as const,
    dueAt: now,
    queuedAt: now,
    attempts: 0,
    settledAt: null,
    channelPausedUntil: null,
    possiblyRepeated: possiblyRepeated || state === "delivered",
  };
}
