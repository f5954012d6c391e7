import { hostname } from "node:os";
import { randomUUID } from "node:crypto";
import type { Db } from "mongodb";
import type { Channel } from "../channels";
import type { AlertStore } from "../store/contract";
import { withStore } from "../store/with-store";
import { sendOne, type Sent } from "./send-one";
import type { Message } from "./message";

/** So long a sender may be at one message: after that it is taken to have stopped on the way. */
const heldAtMostMs = 90_000;
/** A channel that fails so often in a row is left alone until the next time. */
const failuresInARow = 2;

export interface DeliverOptions {
  /** The time; the system's unless given. */
  now?: () => Date;
  /** For one attempt; 15 s unless given. */
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

export interface Delivering extends Required<Pick<DeliverOptions, "now" | "deadlineMs">> {
  ops: Db;
  store: AlertStore;
  channels: readonly Channel[];
  holder: string;
  signal?: AbortSignal | undefined;
}

/**
 * Sends what is due. Each message is claimed first, so several senders send it once; every channel goes its own pace, so
 * one that fails or hangs stops no other; messages of one thread keep their order.
 */
export async function deliverOutbox(
  ops: Db,
  channels: readonly Channel[],
  { now = () => new Date(), deadlineMs = 15_000, signal }: DeliverOptions = {},
): Promise<Sent[]> {
  const holder = `${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
  return withStore(ops, async (store) => {
    const delivering = { ops, store, channels, holder, now, deadlineMs, signal };
    const unsettled = await store.unsettled();
    const results = await Promise.allSettled(
      channels.map((channel) => sendThrough(channel, unsettled, delivering)),
    );
    const failed = results.find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    return results.flatMap((result) => (result.status === "fulfilled" ? result.value : []));
  });
}

async function sendThrough(
  channel: Channel,
  unsettled: readonly Message[],
  delivering: Delivering,
): Promise<Sent[]> {
  const { now, signal } = delivering;
  const own = unsettled.filter((message) => message.channel === channel.name);
  if (own.some(({ channelPausedUntil }) => channelPausedUntil && channelPausedUntil > now())) return [];
  const sent: Sent[] = [];
  const held = new Set<string>();
  let failures = 0;
  for (const message of own) {
    if (signal?.aborted || failures >= failuresInARow) break;
    const { thread } = message.letter;
    if (held.has(thread)) continue;
    const result = isDue(message, now()) ? await sendOne(channel, message, delivering) : undefined;
    if (result) sent.push(result);
    const isThrough = result?.outcome === "delivered" || result?.outcome === "refused";
    failures = !result || isThrough ? 0 : failures + 1;
    // What follows it waits, or the end of an alert would arrive before its beginning.
    if (!isThrough) held.add(thread);
    if (result?.pausesChannel) break;
  }
  return sent;
}

function isDue({ state, dueAt, heldSince }: Message, now: Date): boolean {
  if (state === "waiting") return dueAt <= now;
  return state === "sending" && heldSince !== null && now.getTime() - heldSince.getTime() >= heldAtMostMs;
}
