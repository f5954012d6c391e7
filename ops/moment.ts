import { OperatorError, parseDuration } from "../infra/support";

/** "2026-11-22T22:00Z", or "30m" after a moment; wrong usage otherwise. A date without a zone is this computer's. */
export function momentOf(text: string, after: Date, option: string): Date {
  const wait = parseDuration(text);
  const at = wait === undefined ? new Date(/^\d{4}-\d\d-\d\d/.test(text) ? text : NaN) : later(after, wait);
  if (!Number.isNaN(at.getTime())) return at;
  throw new OperatorError({
    code: "usage",
    kind: "usage",
    message: `${option} "${text}" is no moment`,
    remedy: "Give a date such as 2026-11-22T22:00Z, or a time from then on such as 30m or 2h.",
  });
}

function later(after: Date, ms: number): Date {
  return new Date(after.getTime() + ms);
}
