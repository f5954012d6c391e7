import { Refusal } from "../refusal";

interface Bucket {
  tokens: number;
  at: number;
}

const looks = new Set(["look"]);

/** Refuses what comes more often than Fly publishes that it may. */
export class RateLimits {
  readonly #buckets = new Map<string, Bucket>();

  constructor(
    private readonly now: () => number,
    private readonly enforced: boolean,
  ) {}

  count(action: string, of: string): void {
    if (!this.enforced) return;
    const [perSecond, burst] = looks.has(action)
      ? [5, 10]
      : action === "delete app"
        ? [100 / 60, 100]
        : [1, 3];
    const key = `${action} ${of}`;
    const now = this.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    // A little less than one: clocks of both sides never agree to the microsecond.
    if (bucket.tokens < 0.95)
      throw new Refusal(429, { error: "rate limit exceeded" }, { "retry-after": "1" });
    bucket.tokens--;
  }
}
