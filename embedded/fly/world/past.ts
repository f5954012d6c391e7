/** What a machine was from some time on. */
export interface Moment {
  at: number;
  state: string;
  version: string;
}

const kept = 30;

/** What a machine was when, for lists that lag behind. */
export class Past {
  readonly #moments: Moment[] = [];

  add(at: number, state: string, version: string): void {
    this.#moments.push({ at, state, version });
    if (this.#moments.length > kept) this.#moments.shift();
  }

  /** Undefined when there was no machine yet. */
  at(time: number): Moment | undefined {
    return this.#moments.findLast(({ at }) => at <= time);
  }
}
