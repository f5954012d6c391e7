/** What one run does with volumes; making them is one at a time. */
export class VolumesOfRun {
  /** The ids of those that this run has made. */
  readonly made: string[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** Runs after all that were asked for before, whatever became of them. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine;
    return mine;
  }
}
