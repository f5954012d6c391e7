import { OperatorError, parseDuration } from "../infra/support";

/** "7d", "90m" or a moment such as 2026-11-21T10:00Z, as the moment that it means. */
export function sinceOf(text: string, option = "--since", now = Date.now()): Date {
  const back = parseDuration(text);
  // Plain digits would be milliseconds, which nobody means here.
  if (back !== undefined && !/^\d+$/.test(text.trim())) return new Date(now - back);
  const moment = new Date(text);
  if (/^\d{4}-\d{2}/.test(text) && !Number.isNaN(moment.getTime())) return moment;
  throw new OperatorError({
    code: "usage",
    kind: "usage",
    message: `${option} ${text} is neither how long ago nor a moment`,
    remedy: "Say it as 15m, 6h or 7d, or as 2026-11-21 or 2026-11-21T10:00Z.",
  });
}
