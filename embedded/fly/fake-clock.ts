import type { Clock } from "../../infra/support";

interface Sleeper {
  at: number;
  wake(): void;
}

/** A clock that stands still until a test lets it go on: what waits on it is woken in the order of its times. */
export class FakeClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(start = Date.parse("2026-01-01T00:00:00Z")) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper = {
        at: this.#now + Math.max(0, Math.ceil(ms)),
        wake: () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      signal?.addEventListener("abort", abort, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Lets so much time pass; what is woken meanwhile runs as far as it can before the next is. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.nextBy(end); next; next = this.nextBy(end)) {
      this.#now = Math.max(this.#now, next.at);
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Lets time pass in steps until the work is done; for work that waits only on this clock and on the stand-in. */
  async carry<T>(work: Promise<T>, stepMs = 100, mostMs = 3_600_000): Promise<T> {
    let done = false;
    const end = () => (done = true);
    void work.then(end, end);
    for (const last = this.#now + mostMs; !done && this.#now < last;) {
      await settle();
      if (!done) await this.advance(stepMs);
    }
    if (!done) throw new Error(`not done after ${mostMs / 1000}s of the fake clock`);
    return work;
  }

  private nextBy(end: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const one of this.#sleepers) if (one.at <= end && (!first || one.at < first.at)) first = one;
    return first;
  }
}

/** A few turns of the event loop: a request and its answer take several. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
}
