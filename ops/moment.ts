import { OperatorError, parseDuration } from "../infra/support";

/** A day, or a time of it, without the zone that it is meant in. */
const ofThisComputer = /^\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?)?$/;
const minuteMs = 60_000;

/** By so much a clock is put back. */
const putBackMinutes = [30, 60, 120];

/** "2026-11-22T22:00Z", or "30m" after a moment; wrong usage otherwise. A date without a zone is this computer's. */
export function momentOf(text: string, after: Date, option: string): Date {
  const wait = parseDuration(text);
  if (wait !== undefined) return later(after, wait);
  const at = new Date(/^\d{4}-\d\d-\d\d/.test(text) ? text : NaN);
  if (Number.isNaN(at.getTime()))
    throw wrong(
      `${option} "${text}" is no moment`,
      "Give a date such as 2026-11-22T22:00Z, or a time from then on such as 30m or 2h.",
    );
  if (!ofThisComputer.test(text)) return at;
  return onThisClock(text.length === "2026-11-22".length ? `${text}T00:00` : text.replace(" ", "T"), option);
}

/** The moment at which this computer's clock shows something; refused where it never does, or twice. */
function onThisClock(text: string, option: string): Date {
  const at = new Date(text);
  const shown = text.slice(0, "2026-11-22T22:00".length);
  if (onClock(at) !== shown)
    throw wrong(`${option} ${shown} never comes: the clocks are put forward then`, zoned([at]));
  const second = putBackMinutes
    .map((minutes) => later(at, minutes * minuteMs))
    .find((again) => onClock(again) === shown);
  if (second)
    throw wrong(`${option} ${shown} comes twice: the clocks are put back then`, zoned([at, second]));
  return at;
}

function onClock(at: Date): string {
  return later(at, -at.getTimezoneOffset() * minuteMs)
    .toISOString()
    .slice(0, 16);
}

function zoned(meant: Date[]): string {
  return `Say which moment is meant by its zone too, such as ${meant.map((at) => at.toISOString()).join(" or ")}.`;
}

function wrong(message: string, remedy: string): OperatorError {
  return new OperatorError({ code: "usage", kind: "usage", message, remedy });
}

function later(after: Date, ms: number): Date {
  return new Date(after.getTime() + ms);
}
