import { setTimeout as sleep } from "node:timers/promises";

export interface RetryOptions {
  attempts: number;
  firstDelayMs: number;
  /** Only what is declared idempotent and known to be worth another try. */
  retryable: (error: unknown) => boolean;
  signal?: AbortSignal | undefined;
}

/** Tries again with doubled, jittered pauses; gives up with the last error. */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= options.attempts || !options.retryable(error)) throw error;
      const delay = options.firstDelayMs * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
      await sleep(delay, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}
