import {
  guidesThresholds,
  measuredBefore,
  rememberMeasurement,
  verifyRunning,
  type RunningVerdict,
} from "../../infra/engines/health";
import { formatDuration, messageOf, parseDuration, type OperatorError } from "../../infra/support";
import { thresholdsOf } from "../../stacks/verification-settings";
import { usageOf } from "../actions";
import { Interruption } from "../engine";
import type { DatabaseOptions } from "../named-database";
import { printResult, Steps, type Terminal } from "../terminal";
import { stackLogs } from "./logs";
import { openTarget, type VerifyTarget } from "./target";
import { verdictText } from "./text";

export interface VerifyOptions extends DatabaseOptions {
  url?: string;
  watch?: string;
  wrong: (message: string) => OperatorError;
}

const wrong = usageOf("verify");
/** So short a look already has enough requests to say something. */
const shortestWatchMs = 5000;
const sampleUnlessTold = 1000;

/** Verifies what runs now; exit code 1 where it is bad. */
export async function verify(given: Omit<VerifyOptions, "wrong">, terminal: Terminal): Promise<number> {
  const options = { ...given, wrong };
  requireAddress(options);
  const interruption = new Interruption(terminal.say);
  try {
    const target = await openTarget(options);
    try {
      const watchMs = watchOf(options, target);
      const found = await look(target, watchMs, terminal, interruption.signal);
      printResult(terminal, { url: target.url, release: target.release?._id ?? null, ...found }, () =>
        verdictText(target.url, found),
      );
      return found.verdict === "bad" ? 1 : 0;
    } finally {
      await target.close();
    }
  } finally {
    interruption.release();
  }
}

async function look(
  target: VerifyTarget,
  watchMs: number,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<RunningVerdict> {
  const { url, ownApp, settings, database, ops, release } = target;
  const { version, digest } = release?.image ?? {};
  const rules = settings?.release.verification;
  const before = ops ? await measuredBefore(ops, digest) : { traffic: null, logs: null };
  const since = release?.startedAt ?? new Date(0);
  // An address that was named beside a stack may be of another app than the stack's.
  const logs = settings && ownApp ? () => stackLogs(settings, since, signal) : undefined;
  const found = await new Steps(terminal).run(
    "verify",
    (progress) =>
      verifyRunning({
        ...{ url, database, watchMs, before, logs, progress, signal, expected: { version, digest } },
        sample: rules?.sample ?? sampleUnlessTold,
        thresholds: rules ? thresholdsOf(rules) : guidesThresholds,
      }),
    ({ verdict }) => `${verdict}, watched for ${formatDuration(watchMs)}`,
    ({ verdict }) => verdict !== "bad",
  );
  await remember(target, found).catch((error: unknown) =>
    terminal.say(`! the measurement was not kept: ${messageOf(error)}`),
  );
  return found;
}

/** Only of a release is it known which image was measured. */
async function remember(
  { ops, release }: VerifyTarget,
  { verdict, traffic, logs }: RunningVerdict,
): Promise<void> {
  if (!ops || !release || (!traffic && !logs)) return;
  const { version, digest } = release.image;
  const seen = { at: new Date(), release: release._id, version, digest, verdict, traffic, logs };
  await rememberMeasurement(ops, seen);
}

function watchOf({ watch }: VerifyOptions, { settings }: VerifyTarget): number {
  if (watch === undefined) return Math.max(shortestWatchMs, settings?.release.verification.bake ?? 0);
  const ms = parseDuration(watch);
  if (ms === undefined || ms <= 0) throw wrong('--watch wants a time such as "90s" or "30m"');
  return ms;
}

function requireAddress({ url }: VerifyOptions): void {
  if (url !== undefined && !/^https?:\/\/[^/]+/.test(url))
    throw wrong(`--url wants an address such as https://example.org, not ${url}`);
}
