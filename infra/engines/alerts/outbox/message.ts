import { createHash } from "node:crypto";
import { isWorse, type AlertLevel } from "../alert";
import type { Letter } from "./letter";

/** Where a message stands on its way. */
export type MessageState =
  | "waiting"
  /** Somebody is at it; who stopped there left the outcome unknown. */
  | "sending"
  | "delivered"
  /** It will never be taken as it is. */
  | "refused"
  /** It was tried for a day. */
  | "expired";

/** A letter on its way through one channel, as `outbox` keeps it. */
export interface Message {
  /** The letter's name and the channel's: queued twice it is still one. */
  _id: string;
  version: 1;
  channel: string;
  letter: Letter;
  state: MessageState;
  queuedAt: Date;
  /** It keeps its place behind those that were queued before it. */
  place: string;
  dueAt: Date;
  attempts: number;
  /** The service asked for patience: nothing goes through this channel before. */
  channelPausedUntil: Date | null;
  /** Whoever is at it, and since when. */
  holder: string | null;
  heldSince: Date | null;
  /** An earlier attempt may have got through. */
  possiblyRepeated: boolean;
  /** The message whose channel failed, where this one stands in for it. */
  standsInFor?: string;
  /** What the service calls it. */
  receipt?: Record<string, string>;
  lastDetail?: string;
  settledAt: Date | null;
}

/** Of a channel, as much as decides what goes through it. */
export interface Route {
  name: string;
  /** What it carries. */
  takes(letter: Letter): boolean;
  /** Alerts below this level do not go through it. */
  minimum: AlertLevel;
  fallback?: string | undefined;
}

/** One message for each channel that a letter goes through; `turn` orders those of one moment. */
export function messagesFor(
  letter: Letter,
  { name, turn }: { name: string; turn: number },
  routes: readonly Route[],
  now: Date,
): Message[] {
  return routes
    .filter((route) => goesThrough(letter, route))
    .map((route) => messageFor(letter, { name, turn }, route.name, now));
}

function goesThrough(letter: Letter, { minimum, takes }: Route): boolean {
  const isHighEnough = letter.about !== "alert" || !isWorse(minimum, letter.level ?? undefined);
  return isHighEnough && takes(letter);
}

/** A letter on its way through one channel. */
export function messageFor(
  letter: Letter,
  { name, turn }: { name: string; turn: number },
  channel: string,
  now: Date,
): Message {
  return {
    _id: `${letter.thread}#${name}#${channel}`,
    version: 1,
    channel,
    letter,
    state: "waiting",
    queuedAt: now,
    place: `${now.toISOString()} ${String(turn).padStart(6, "0")}`,
    dueAt: now,
    attempts: 0,
    channelPausedUntil: null,
    holder: null,
    heldSince: null,
    possiblyRepeated: false,
    settledAt: null,
  };
}

/** The same for every attempt, and for nothing else: what a service knows a message by. */
export function fixedName(message: Pick<Message, "_id">): string {
  return createHash("sha256").update(message._id).digest("hex").slice(0, 32);
}

/** The same for everything about one incident. */
export function threadName({ thread }: Pick<Letter, "thread">): string {
  return createHash("sha256").update(thread).digest("hex").slice(0, 32);
}

/** Messages in the order in which they were queued. */
export function inOrder(messages: readonly Message[]): Message[] {
  return [...messages].sort((one, other) => (one.place < other.place ? -1 : one.place > other.place ? 1 : 0));
}
