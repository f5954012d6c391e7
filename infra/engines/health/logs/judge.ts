import type { LogFindings } from "./scan";

const shown = 3;

/** What makes a version's logs doubtful: errors that the version before did not have, by kind, and nothing else. */
export function judgeLogs(seen: LogFindings, before: LogFindings | null): string[] {
  const known = new Set(before?.kinds ?? []);
  const fresh = seen.kinds.filter((kind) => !known.has(kind));
  if (fresh.length === 0) return [];
  const compared = before
    ? "that the version before did not log"
    : "in the logs, with nothing to compare them to";
  const more = fresh.length > shown ? [`${fresh.length - shown} more`] : [];
  return [`errors ${compared}: ${[...fresh.slice(0, shown), ...more].join("; ")}`];
}

/** How much was found, in words. */
export function logText({ lines, errors, traces }: LogFindings): string {
  return `${errors} errors and ${traces} stack traces in ${lines} lines of the machines' logs`;
}
