import type { AlertLevel } from "../alert";
import type { AlertEvent } from "../state/announce";

/** What a release says of itself. */
export type ReleaseEvent = "started" | "step" | "step-failed" | "undone" | "done" | "failed";

/** Something for people to read, before a channel gives it its own form. */
export interface Letter {
  about: "alert" | "release" | "test";
  event: AlertEvent | ReleaseEvent | "test";
  /** Null for what is good news or no news. */
  level: AlertLevel | null;
  title: string;
  /** At most 40 lines, each at most 300 letters. */
  lines: string[];
  environment: string;
  at: Date;
  /** What all letters of one alert, group or release share: a thread, an incident. */
  thread: string;
  release?: number;
  /** Of a release: what GitHub knows it by. */
  commit?: string;
}

export const linesAtMost = 40;
export const lineAtMost = 300;
export const titleAtMost = 200;

/** A letter whose parts are bounded and hold no control characters. */
export function bounded(letter: Letter): Letter {
  const lines = letter.lines.slice(0, linesAtMost).map((line) => short(line, lineAtMost));
  return { ...letter, title: short(letter.title, titleAtMost), lines };
}

function short(text: string, atMost: number): string {
  const plain = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim();
  return plain.length > atMost ? `${plain.slice(0, atMost - 1)}…` : plain;
}
