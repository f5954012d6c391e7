import { ApiProblem } from "./problem";

export interface RateLimit {
  /** How many at once. */
  burst: number;
  /** How many a minute when it goes on. */
  perMinute: number;
}

/** Lets so many through and refuses the others with the time after which to come again. */
export function rateLimiter({ burst, perMinute }: RateLimit, now: () => number = Date.now): () => void {
  const perMs = perMinute / 60_000;
  let left = burst;
  let seen = now();
  return () => {
    const at = now();
    left = Math.min(burst, left + Math.max(0, at - seen) * perMs);
    seen = at;
    if (left < 1) {
      const seconds = Math.max(1, Math.ceil((1 - left) / perMs / 1000));
      throw new ApiProblem(429, "too many requests, try again later", { "retry-after": String(seconds) });
    }
    left -= 1;
  };
}
