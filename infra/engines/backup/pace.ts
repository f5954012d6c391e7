import { setTimeout as sleep } from "node:timers/promises";
import type { RawBatch } from "./raw-batches";

/** Reads no faster than it was told, so that the server keeps time for others. */
export class Pace {
  #free = Date.now();

  constructor(
    /** Undefined: as fast as it goes. */
    private readonly bytesPerSecond: number | undefined,
    private readonly signal: AbortSignal,
  ) {}

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
    const now = Date.now();
    this.#free = Math.max(this.#free, now) + (bytes / this.bytesPerSecond) * 1000;
    await sleep(this.#free - now, undefined, { signal: this.signal });
  }
}
