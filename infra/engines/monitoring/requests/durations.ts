import type { Part } from "../metrics";

/** As in the roll-ups' own histograms, into which these are added. */
const perDoubling = 8;
/** An eighth of a millisecond, the upper border of the first bucket. */
const smallestStep = -3 * perDoubling;
/** Over four minutes: whatever takes longer falls into the last bucket. */
const largestStep = 18 * perDoubling;

/** How long requests took, in buckets that are there from the start: adding one makes nothing new. */
export class Durations {
  readonly #buckets = new Uint32Array(largestStep - smallestStep + 1);
  #sum = 0;
  #min = Infinity;
  #max = 0;

  add(ms: number): void {
    this.#sum += ms;
    if (ms < this.#min) this.#min = ms;
    if (ms > this.#max) this.#max = ms;
    const step = Math.ceil(Math.log2(ms) * perDoubling);
    const index = step > smallestStep ? Math.min(step, largestStep) - smallestStep : 0;
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
  }

  /** What a share of all requests did not take longer than, in milliseconds; 0 without any. */
  quantile(share: number): number {
    const total = this.#buckets.reduce((sum, count) => sum + count, 0);
    const wanted = Math.max(1, Math.ceil(share * total));
    let seen = 0;
    for (const [index, count] of this.#buckets.entries()) {
      seen += count;
      if (seen >= wanted) return 2 ** ((index + smallestStep) / perDoubling);
    }
    return 0;
  }

  /** All of them as a part of an hour's roll-up; undefined without any. */
  counted(): Part | undefined {
    const histogram: Part["histogram"] = {};
    let count = 0;
    for (const [index, requests] of this.#buckets.entries()) {
      if (requests > 0) histogram[`p${index + smallestStep}`] = requests;
      count += requests;
    }
    return count === 0 ? undefined : { count, sum: this.#sum, min: this.#min, max: this.#max, histogram };
  }

  clear(): void {
    this.#buckets.fill(0);
    this.#sum = this.#max = 0;
    this.#min = Infinity;
  }
}
