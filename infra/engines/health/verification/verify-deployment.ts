import type { Progress } from "../../../support";
import { AppClient } from "./app-client";
import { check, type Check } from "./check";
import { answersAs, answersInTime, becomesHealthy, staysHealthy, type ExpectedImage } from "./looks";
import { playsAGame } from "./smoke";
import { removeLeftovers } from "./test-data";
import { guidesThresholds } from "./thresholds";

export interface VerificationOptions {
  /** Where the deployed app answers. */
  url: string;
  /** What every machine behind it must say of itself. */
  expected: ExpectedImage;
  progress: Progress;
  signal: AbortSignal;
  /** How long the app must stay well afterwards; no time unless told otherwise. */
  bakeMs?: number;
  /** How long it may take to become well; 10 s unless told otherwise. */
  startMs?: number;
  /** How long every other look may wait for what it expects; 3 s unless told otherwise. */
  settleMs?: number;
  /** Answers in a row that must come from the expected image; 10 unless told otherwise. */
  answers?: number;
  /** 95 of 100 answers must be faster; as the guides have it unless told otherwise. */
  p95Ms?: number;
}

/** The verdict on a deployment, with every check as data. */
export interface Verdict {
  ok: boolean;
  checks: Check[];
}

/** Of a check after the first one that got no answer at all. */
export const notTried = "not tried: the app does not answer";

/** Looks at a deployed app the way its players will: is it well, is it the right one, can one play, is it fast. */
export async function verifyDeployment(options: VerificationOptions): Promise<Verdict> {
  const app = new AppClient(options.url, options.signal);
  const checks: Check[] = [];
  for (const [name, look] of looksOf(app, options)) {
    options.progress(`checking ${name}`);
    const reachable = checks.length === 0 || app.durations.length > 0;
    checks.push(
      reachable
        ? await check(name, options.signal, look)
        : { name, ok: false, detail: notTried, durationMs: 0, unanswered: true },
    );
  }
  return { ok: checks.every(({ ok }) => ok), checks };
}

function looksOf(app: AppClient, options: VerificationOptions): [string, () => Promise<string>][] {
  const { expected, bakeMs = 0, startMs = 10_000, settleMs = 3000, answers = 10 } = options;
  const { p95Ms = guidesThresholds.p95Ms.fail } = options;
  const looks: [string, () => Promise<string>][] = [
    ["health", () => becomesHealthy(app, "/api/health", startMs)],
    ["database", () => becomesHealthy(app, "/api/health/database", settleMs)],
    ["migrations", () => becomesHealthy(app, "/api/health/migrations", settleMs)],
    ["image", () => answersAs(app, expected, answers, settleMs)],
    ["leftovers", () => removeLeftovers(app)],
    ["game", () => playsAGame(app)],
    ["speed", () => answersInTime(app, p95Ms)],
  ];
  if (bakeMs > 0) looks.push(["bake", () => staysHealthy(app, bakeMs)]);
  return looks;
}
