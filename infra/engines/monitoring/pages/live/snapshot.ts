/** What was read last, for all who ask within a moment: a hundred browsers that are told of a change cost one reading. */
export class Snapshot<T> {
  #reading: Promise<T> | undefined;
  #readAt: number | undefined;

  constructor(
    private readonly read: () => Promise<T>,
    private readonly keepMs: number,
  ) {}

  /** What was read a moment ago, or is being read: a database that takes its time is not asked twice for it. */
  recent(): Promise<T> {
    const isOld = this.#readAt !== undefined && performance.now() - this.#readAt > this.keepMs;
    return this.#reading && !isOld ? this.#reading : this.fresh();
  }

  /** As it is now, and from now on for the others. */
  fresh(): Promise<T> {
    const reading = this.read();
    this.#reading = reading;
    this.#readAt = undefined;
    reading.then(
      () => {
        if (this.#reading === reading) this.#readAt = performance.now();
      },
      () => {
        if (this.#reading === reading) this.#reading = undefined;
      },
    );
    return reading;
  }
}
