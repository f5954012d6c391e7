import type { Db } from "mongodb";
import type { Progress } from "../../../support";
import { AppClient } from "./app-client";
import { check, type Check } from "./check";
import type { ExpectedImage } from "./looks";
import { judgeTraffic, type Traffic, type TrafficThresholds, type TrafficVerdict } from "./thresholds";
import { validatorsHold } from "./validators";
import { notTried, verifyDeployment } from "./verify-deployment";
import { watchTraffic } from "./watch-traffic";

export interface RunningVerification {
  url: string;
  /** What each machine must say of itself; nothing where nobody knows. */
  expected: ExpectedImage;
  /** The app's own database; null where it cannot be looked at from here. */
  database: Db | null;
  /** Documents of each collection that are held against its validator. */
  sample: number;
  /** How long the app is watched; 0 leaves it at the checks. */
  watchMs: number;
  thresholds: TrafficThresholds;
  /** What the version before did. */
  before: Traffic | null;
  progress: Progress;
  signal: AbortSignal;
}

/** What is thought of a running app, and why. */
export interface RunningVerdict {
  verdict: TrafficVerdict;
  reasons: string[];
  checks: Check[];
  traffic: Traffic | null;
  before: Traffic | null;
}

/** Looks whether a running app is well, plays on it, looks at its data, and watches it for a while. */
export async function verifyRunning(wanted: RunningVerification): Promise<RunningVerdict> {
  const { url, expected, database, sample, watchMs, thresholds, before, progress, signal } = wanted;
  const { checks } = await verifyDeployment({
    url,
    expected,
    progress,
    signal,
    p95Ms: thresholds.p95Ms.fail,
  });
  if (database) {
    progress("checking validators");
    checks.push(await check("validators", signal, () => validatorsHold(database, sample)));
  }
  const failed = checks
    .filter(({ ok, detail }) => !ok && detail !== notTried)
    .map(({ name, detail }) => `${name}: ${detail}`);
  if (failed.length === 0 && watchMs === 0)
    return { verdict: "good", reasons: [], checks, traffic: null, before };
  if (failed.length > 0) return { verdict: "bad", reasons: failed, checks, traffic: null, before };
  const traffic = await watchTraffic(new AppClient(url, signal), watchMs, thresholds, progress);
  return { ...judgeTraffic(traffic, thresholds, before), checks, traffic, before };
}
