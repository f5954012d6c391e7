import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration, type Progress } from "../../../support";
import type { AppClient } from "./app-client";
import { CheckFailure } from "./check";
import { errorPercentOf, smallestSample, type Traffic, type TrafficThresholds } from "./thresholds";

/** What players ask for all the time, and nothing that changes anything. */
const paths = ["/api/health", "/api/characters", "/api/parties", "/api/encounters", "/"];
const perSecond = 5;
/** An app that fails most of the time need not be watched for half an hour to know it. */
const earlyEnd = 3;

/** Asks an app for a while as its players do, a few times a second, and ends early where it is hopeless. */
export async function watchTraffic(
  app: AppClient,
  forMs: number,
  { errorPercent }: Pick<TrafficThresholds, "errorPercent">,
  progress: Progress,
): Promise<Traffic> {
  const started = Date.now();
  const durations: number[] = [];
  let failures = 0;
  const seen = (): Traffic => ({
    requests: durations.length,
    failures,
    ...percentiles(durations),
    durationMs: Date.now() - started,
  });
  for (let turn = 0; Date.now() - started < forMs; turn++) {
    const asked = performance.now();
    if (!(await answers(app, paths[turn % paths.length] ?? "/"))) failures++;
    durations.push(performance.now() - asked);
    const hopeless = errorPercentOf(seen()) > errorPercent.fail * earlyEnd;
    if (durations.length >= smallestSample * 2 && hopeless) break;
    if (turn % (perSecond * 10) === 0) progress(told(seen(), forMs));
    await sleep(Math.max(0, 1000 / perSecond - (performance.now() - asked)), undefined, {
      signal: app.signal,
    });
  }
  return seen();
}

/** A request that the app refused for good reason was answered; one that it broke on was not. */
async function answers(app: AppClient, path: string): Promise<boolean> {
  try {
    return (await app.ask("GET", path)).status < 500;
  } catch (error) {
    if (error instanceof CheckFailure) return false;
    throw error;
  }
}

/** The middle one and the slow ones of a list of times. */
export function percentiles(durations: readonly number[]): { p50Ms: number; p95Ms: number } {
  const sorted = [...durations].sort((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return { p50Ms: at(0.5), p95Ms: at(0.95) };
}

function told({ durationMs, failures, requests, p95Ms }: Traffic, forMs: number): string {
  const left = formatDuration(Math.max(0, forMs - durationMs));
  return `${requests} requests, ${failures} failed, 95 of 100 within ${formatDuration(p95Ms)}; ${left} to go`;
}
