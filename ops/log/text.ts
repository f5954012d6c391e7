import { redactText } from "../audit";
import type { LogLine } from "./line";

/** A line as people read it: time, machine, level, text, and what else it tells. */
export function lineText({ at, machine, level, text, fields }: LogLine): string {
  const time = at === null ? "                       " : at.toISOString().replace("T", " ").slice(0, 23);
  const more = Object.entries(fields).map(([name, value]) => `${name}=${shortOf(value)}`);
  return redactText(`${time} ${machine} ${(level ?? "").padEnd(5)} ${[text, ...more].join(" ")}`.trimEnd());
}

function shortOf(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

/** A line as one JSON document. */
export function lineJson(line: LogLine): LogLine {
  return JSON.parse(redactText(JSON.stringify(line))) as LogLine;
}
