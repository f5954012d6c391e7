import { messageOf } from "./operator-error";

/** The body of an answer: what JSON says, the text itself where it is none, undefined where there is nothing. */
export function jsonOf(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** A Retry-After header, seconds or a date, as milliseconds from now. */
export function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

// Raised before a connection stands, so no byte of the request has left.
const unsentCodes = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** Why no answer came, and whether the request may have arrived. */
export function whyNoAnswer(error: unknown): { reason: string; sent: boolean } {
  if (error instanceof Error && error.name === "TimeoutError")
    return { reason: "no answer in time", sent: true };
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code } = cause as NodeJS.ErrnoException;
  return { reason: code ?? messageOf(cause), sent: code === undefined || !unsentCodes.has(code) };
}
