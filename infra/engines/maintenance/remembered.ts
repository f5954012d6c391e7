import type { Db } from "mongodb";
import { meaningOf, readSwitch, untouched, type Maintenance } from "./switch";

const lookAgainMs = 1000;
const patienceMs = 400;

/** The switch as the app knows it: looked at once a second at most, and kept as it was while the database is away. */
export class RememberedSwitch {
  #known = untouched;
  #lookedAt = -Infinity;
  #answers = true;
  #looking: Promise<void> | undefined;

  constructor(
    private readonly ops: () => Db,
    private readonly now: () => number,
  ) {}

  /** A database that has just failed to answer holds up no request: it is asked behind its back. */
  async read(): Promise<Maintenance> {
    const since = this.now() - this.#lookedAt;
    // A clock that was set back must not keep an old answer for hours.
    if (since >= lookAgainMs || since < 0) this.#looking ??= this.#look();
    if (this.#looking && this.#answers) await this.#looking;
    return meaningOf(this.#known, new Date(this.now()));
  }

  async #look(): Promise<void> {
    this.#lookedAt = this.now();
    try {
      this.#known = await readSwitch(this.ops(), patienceMs);
      this.#answers = true;
    } catch {
      this.#answers = false;
    } finally {
      this.#looking = undefined;
    }
  }
}
