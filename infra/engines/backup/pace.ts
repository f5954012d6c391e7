import { setTimeout as sleep } from "node:timers/promises";
import type { RawBatch } from "./raw-batches";

/** What a pace is kept by; a test has one of its own. */
export interface Clock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<unknown>;
}

const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** Late by less is made up for, or every late timer would slow it; a longer pause is no debt to the server. */
const lateMs = 250;

/** Reads no faster than it was told, so that the server keeps time for others. */
export class Pace {
  #free: number;

  constructor(
    /** Undefined: as fast as it goes. */
    private readonly bytesPerSecond: number | undefined,
    private readonly signal: AbortSignal,
    private readonly clock = realClock,
  ) {
    this.#free = clock.now();
  }

  async *hold(batches: AsyncIterable<RawBatch>): AsyncGenerator<RawBatch> {
    for await (const batch of batches) {
      // Whoever takes the batch may give its memory away.
      const { length } = batch.bytes;
      yield batch;
      await this.#spend(length);
    }
  }

  /** All collections that are read at the same time share it. */
  async #spend(bytes: number): Promise<void> {
    if (this.bytesPerSecond === undefined) return;
    const now = this.clock.now();
    this.#free = Math.max(this.#free, now - lateMs) + (bytes / this.bytesPerSecond) * 1000;
    if (this.#free > now) await this.clock.sleep(this.#free - now, this.signal);
  }
}
