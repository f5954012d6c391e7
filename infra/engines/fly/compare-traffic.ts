import type { Deployment } from "./deployment";
import { OperatorError } from "../../support";
import type { Probe } from "./wish";

const roundMs = 500;
const fewestRounds = 5;
/** More failures than the old version has, by this share of all. */
const worseShare = 0.05;
const slowerTimes = 2;
const slowerMs = 100;

interface Sample {
  ok: boolean;
  ms: number;
}

export interface Sides {
  canaries: readonly string[];
  /** What they are compared with; without any, the canaries only have to answer. */
  rest: readonly string[];
}

/** Asks canaries and old machines the same for a while, each by itself, and throws when the canaries do worse. */
export async function compareTraffic(
  { clock, signal }: Deployment,
  probe: Probe,
  sides: Sides,
  holdMs: number,
): Promise<void> {
  const [canaries, rest]: [Sample[], Sample[]] = [[], []];
  const ask = async (ids: readonly string[], into: Sample[]) => {
    const answers = ids.map((id) => probe(id, signal).catch(() => ({ ok: false, ms: 0 })));
    into.push(...(await Promise.all(answers)));
  };
  const rounds = Math.max(fewestRounds, Math.ceil(holdMs / roundMs));
  for (let round = 0; round < rounds; round++) {
    await Promise.all([ask(sides.canaries, canaries), ask(sides.rest, rest)]);
    await clock.sleep(roundMs, signal);
  }
  const worse = whyWorse(canaries, rest);
  if (worse) throw new CanaryWorse(worse);
}

/** Says in what the canaries do worse; undefined when they do as well. Too little to judge by is no success. */
export function whyWorse(canaries: readonly Sample[], rest: readonly Sample[]): string | undefined {
  if (canaries.length < fewestRounds) return `only ${canaries.length} answers: too few to tell`;
  const [mine, theirs] = [failures(canaries), failures(rest)];
  if (mine > theirs + worseShare)
    return `${percent(mine)} of the requests to it fail, ${percent(theirs)} of those to the old version`;
  const [own, old] = [median(canaries), median(rest)];
  if (own === undefined) return "no request to it was answered well";
  if (old !== undefined && own > old * slowerTimes && own > old + slowerMs)
    return `it answers in ${Math.round(own)}ms, the old version in ${Math.round(old)}ms`;
  return undefined;
}

export class CanaryWorse extends OperatorError {
  constructor(reason: string) {
    super({
      code: "fly-canary-worse",
      message: `the canary does worse than the old version: ${reason}`,
      remedy: "Look at the app's log for those requests, mend the app, then deploy again.",
    });
  }
}

function failures(samples: readonly Sample[]): number {
  return samples.length === 0 ? 0 : samples.filter(({ ok }) => !ok).length / samples.length;
}

function median(samples: readonly Sample[]): number | undefined {
  const times = samples.flatMap(({ ok, ms }) => (ok ? ms : [])).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
