import type { Db } from "mongodb";
import { messageOf, type Progress } from "../../../support";
import { judgeLogs } from "../logs/judge";
import type { LogFindings } from "../logs/scan";
import { AppClient } from "./app-client";
import { check, type Check } from "./check";
import type { ExpectedImage } from "./looks";
import type { Before } from "./measurements";
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
  before: Before;
  /** What its machines have logged since they run; undefined where nobody can read it from here. */
  logs?: (() => Promise<LogFindings | undefined>) | undefined;
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
  logs: LogFindings | null;
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
  const watched = failed.length === 0 && watchMs > 0;
  const traffic = watched
    ? await watchTraffic(new AppClient(url, signal), watchMs, thresholds, progress)
    : null;
  const logs = (await readLogs(wanted)) ?? null;
  const doubts = logs ? judgeLogs(logs, before.logs) : [];
  const seen = { checks, traffic, before: before.traffic, logs };
  if (failed.length > 0) return { verdict: "bad", reasons: [...failed, ...doubts], ...seen };
  const judged = traffic
    ? judgeTraffic(traffic, thresholds, before.traffic)
    : { verdict: "good" as const, reasons: [] };
  const verdict = judged.verdict === "good" && doubts.length > 0 ? "doubtful" : judged.verdict;
  return { verdict, reasons: [...judged.reasons, ...doubts], ...seen };
}

/** Logs that cannot be read hold up nothing. */
async function readLogs({ logs, progress, signal }: RunningVerification): Promise<LogFindings | undefined> {
  if (!logs) return undefined;
  progress("reading the logs");
  try {
    return await logs();
  } catch (error) {
    signal.throwIfAborted();
    progress(`the logs cannot be read: ${messageOf(error).split("\n")[0] ?? ""}`);
    return undefined;
  }
}
