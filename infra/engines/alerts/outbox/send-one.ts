import { messageOf } from "../../../support";
import type { SendOutcome } from "../../../drivers/web-hooks";
import type { Channel } from "../channels";
import { awayPlace } from "../store/away-place";
import type { Delivery, Settlement } from "../store/contract";
import { fileStore } from "../store/file-store";
import { isAway } from "../store/with-store";
import type { Delivering } from "./deliver";
import type { Message } from "./message";

const firstDelayMs = 5_000;
const delayAtMostMs = 10 * 60_000;
const triedForMs = 24 * 60 * 60_000;
/** After so many attempts the channel that stands in is told, too. */
const standInAfter = 3;

/** One attempt and what it came to. */
export interface Sent {
  message: string;
  channel: string;
  title: string;
  outcome: SendOutcome["kind"];
  detail: string;
  possiblyRepeated: boolean;
  pausesChannel: boolean;
}

/** Claims a message, sends it and keeps what became of it; undefined where another sender was faster. */
export async function sendOne(
  channel: Channel,
  message: Message,
  delivering: Delivering,
): Promise<Sent | undefined> {
  const { store, holder, now } = delivering;
  const claimed = await store.claim(message, holder, now());
  if (!claimed) return undefined;
  const threadReceipt = await store.threadReceipt(claimed);
  const delivery = deliveryOf(claimed, now());
  await store.note(delivery);
  const { deadlineMs, signal } = delivering;
  const outcome = await channel
    .send({ message: claimed, threadReceipt, deadlineMs, signal, now: now() })
    .catch((error): SendOutcome => ({ kind: "unknown", detail: messageOf(error) }));
  const after = settlementOf(claimed, outcome, now());
  const ended = { ...delivery, endedAt: now(), outcome: outcome.kind, detail: outcome.detail };
  await keep(claimed, after, ended, delivering);
  await callStandIn(channel, { ...claimed, ...after }, outcome, delivering);
  return {
    message: claimed._id,
    channel: channel.name,
    title: claimed.letter.title,
    outcome: outcome.kind,
    detail: outcome.detail,
    possiblyRepeated: claimed.possiblyRepeated,
    pausesChannel: after.channelPausedUntil !== null,
  };
}

function deliveryOf({ _id, channel, attempts, possiblyRepeated }: Message, at: Date): Delivery {
  return {
    _id: `${_id}#${attempts}@${at.toISOString()}`,
    version: 1,
    message: _id,
    channel,
    attempt: attempts,
    ...{ at, endedAt: null, outcome: "sending", detail: "", possiblyRepeated },
  };
}

function settlementOf(message: Message, outcome: SendOutcome, now: Date): Settlement {
  const { queuedAt, attempts } = message;
  const asked = outcome.kind === "later" || outcome.kind === "unknown" ? outcome.afterMs : undefined;
  const backoff = Math.min(firstDelayMs * 2 ** (attempts - 1), delayAtMostMs);
  const pause = new Date(now.getTime() + Math.max(asked ?? 0, backoff));
  const isOver = outcome.kind === "delivered" || outcome.kind === "refused";
  const isTooOld = now.getTime() - queuedAt.getTime() > triedForMs;
  return {
    state: isOver ? outcome.kind : isTooOld ? "expired" : "waiting",
    dueAt: pause,
    holder: null,
    heldSince: null,
    settledAt: isOver || isTooOld ? now : null,
    lastDetail: outcome.detail,
    possiblyRepeated: message.possiblyRepeated || outcome.kind === "unknown",
    channelPausedUntil: asked === undefined ? null : pause,
    ...("receipt" in outcome && outcome.receipt && { receipt: outcome.receipt }),
  };
}

/** What was sent was sent, wherever that can be kept: the database may have gone meanwhile. */
async function keep(
  claimed: Message,
  after: Settlement,
  delivery: Delivery,
  { store, ops }: Delivering,
): Promise<void> {
  try {
    await store.settle(claimed, after);
    await store.note(delivery);
  } catch (error) {
    if (!isAway(error)) throw error;
    const file = await fileStore(awayPlace(ops));
    await file.settle(claimed, after);
    await file.note(delivery);
  }
}

/** Another channel takes a message over whose own one fails; the own one goes on trying. */
async function callStandIn(
  { fallback }: Channel,
  message: Message,
  { kind }: SendOutcome,
  { store, channels, now }: Delivering,
): Promise<void> {
  const isNeeded = kind === "refused" || (kind !== "delivered" && message.attempts >= standInAfter);
  const isThere = channels.some(({ name, takes }) => name === fallback && takes(message.letter));
  if (!isNeeded || !isThere || fallback === undefined || message.standsInFor !== undefined) return;
  const { receipt: _receipt, lastDetail: _detail, ...rest } = message;
  const standIn: Message = {
    ...rest,
    _id: `${message._id}>${fallback}`,
    channel: fallback,
    state: "waiting",
    dueAt: now(),
    queuedAt: now(),
    attempts: 0,
    channelPausedUntil: null,
    possiblyRepeated: false,
    settledAt: null,
    standsInFor: message._id,
  };
  await store.queue([standIn]);
}
