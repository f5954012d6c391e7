import { formatDuration } from "../../../support";

/** What many answers of an app looked like for a while. */
export interface Traffic {
  requests: number;
  failures: number;
  p50Ms: number;
  p95Ms: number;
  durationMs: number;
}

/** From where on an app is doubtful, and from where on it is bad. */
export interface TrafficThresholds {
  /** Of 100 requests so many without a good answer. */
  errorPercent: { warn: number; fail: number };
  p95Ms: { warn: number; fail: number };
  /** So many times as slow as the version before is doubtful. */
  slowdown: number;
}

/** As the guides have them. */
export const guidesThresholds: TrafficThresholds = {
  errorPercent: { warn: 1, fail: 5 },
  p95Ms: { warn: 1000, fail: 2000 },
  slowdown: 2,
};

/** With fewer requests nothing is proved by their going well. */
export const smallestSample = 20;
/** Faster than this is fast, whatever was before: the noise of a machine is larger than the difference. */
const alwaysFastMs = 100;

export type TrafficVerdict = "good" | "doubtful" | "bad";

/** Judges what was measured, by itself and against what the version before did. */
export function judgeTraffic(
  seen: Traffic,
  thresholds: TrafficThresholds,
  before: Traffic | null = null,
): { verdict: TrafficVerdict; reasons: string[] } {
  const bad: string[] = [];
  const doubtful: string[] = [];
  const { errorPercent, p95Ms, slowdown } = thresholds;
  const percent = errorPercentOf(seen);
  const failed = `${round(percent)} of 100 requests failed (${seen.failures} of ${seen.requests})`;
  if (percent > errorPercent.fail) bad.push(`${failed}, ${errorPercent.fail} are allowed`);
  else if (percent >= errorPercent.warn) doubtful.push(`${failed}, from ${errorPercent.warn} on is too many`);
  const slow = `95 of 100 answers took up to ${formatDuration(seen.p95Ms)}`;
  if (seen.p95Ms > p95Ms.fail) bad.push(`${slow}, ${formatDuration(p95Ms.fail)} is allowed`);
  else if (seen.p95Ms > p95Ms.warn) doubtful.push(`${slow}, over ${formatDuration(p95Ms.warn)} is slow`);
  if (before) doubtful.push(...worseThan(before, seen, slowdown));
  if (seen.requests < smallestSample) {
    doubtful.push(`${seen.requests} requests prove nothing, ${smallestSample} would`);
  }
  const verdict = bad.length > 0 ? "bad" : doubtful.length > 0 ? "doubtful" : "good";
  return { verdict, reasons: [...bad, ...doubtful] };
}

function worseThan(before: Traffic, seen: Traffic, slowdown: number): string[] {
  const factor = slowdownOf(before, seen);
  if (factor === null || factor <= slowdown) return [];
  const times = `${formatDuration(before.p95Ms)} before and ${formatDuration(seen.p95Ms)} now`;
  return [`it is more than ${slowdown} times as slow as the version before: ${times}`];
}

/** How many times as slow as the version before; null where too little was measured of that one to say. */
export function slowdownOf(before: Traffic, seen: Traffic): number | null {
  if (before.requests < smallestSample) return null;
  return seen.p95Ms <= alwaysFastMs ? 1 : seen.p95Ms / Math.max(1, before.p95Ms);
}

export function errorPercentOf({ requests, failures }: Traffic): number {
  return requests === 0 ? 0 : (failures / requests) * 100;
}

function round(percent: number): number {
  return Math.round(percent * 10) / 10;
}
