import type { Clock } from "../../support";

/** How often one action may be done to one thing. */
export interface Rate {
  perSecond: number;
  burst: number;
}

interface Bucket {
  tokens: number;
  at: number;
}

/** What Fly publishes: each action on each machine once a second, three at once; looking at one more often. */
export const publishedRates = {
  usual: { perSecond: 1, burst: 3 },
  look: { perSecond: 5, burst: 10 },
  deletion: { perSecond: 100 / 60, burst: 100 },
} as const satisfies Record<string, Rate>;

const forgetAt = 1000;

/** Holds calls back so that Fly has no reason to refuse them. */
export class RateLimiter {
  readonly #buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** Resolves when the action may be done; those who wait get their turns in the order they came. */
  async turn(action: string, of: string, rate: Rate, signal?: AbortSignal): Promise<void> {
    const now = this.clock.now();
    const key = `${action} ${of}`;
    const bucket = this.#buckets.get(key) ?? { tokens: rate.burst, at: now };
    bucket.tokens = Math.min(rate.burst, bucket.tokens + ((now - bucket.at) / 1000) * rate.perSecond) - 1;
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > forgetAt) this.forgetFull(now);
    if (bucket.tokens >= 0) return;
    await this.clock.sleep((-bucket.tokens / rate.perSecond) * 1000, signal);
  }

  /** A bucket that must have filled up again says nothing that a new one does not. */
  private forgetFull(now: number): void {
    for (const [key, bucket] of this.#buckets) if (now - bucket.at > 60_000) this.#buckets.delete(key);
  }
}
