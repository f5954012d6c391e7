import type { Db } from "mongodb";
import { meaningOf, readSwitch, untouched, type Maintenance } from "./switch";

const lookAgainMs = 1000;
const patienceMs = 400;
/** Before it was ever read, nobody slips past a switch that is on because the first connection takes its time. */
const firstPatienceMs = 2000;

/** The switch as the app knows it: looked at once a second at most, and kept as it was while the database is away. */
export class RememberedSwitch {
  #known = untouched;
  #lookedAt = -Infinity;
  #answers = true;
  #wasRead = false;
  #isLooking = false;
  #held = Promise.resolve();

  constructor(
    private readonly ops: () => Db,
    private readonly now: () => number,
  ) {}

  /** A database that has just failed to answer holds up no request: it is asked behind its back. */
  async read(): Promise<Maintenance> {
    const since = this.now() - this.#lookedAt;
    // A clock that was set back must not keep an old answer for hours.
    if (!this.#isLooking && (since >= lookAgainMs || since < 0)) this.#look();
    if (this.#answers) await this.#held;
    return meaningOf(this.#known, new Date(this.now()));
  }

  #look(): void {
    this.#lookedAt = this.now();
    this.#isLooking = true;
    const waitMs = this.#wasRead ? patienceMs : firstPatienceMs;
    this.#held = new Promise((go) => {
      // A driver that has never found its server waits for that longer than it was told to.
      const late = setTimeout(() => {
        this.#answers = false;
        go();
      }, waitMs);
      void this.#ask(waitMs).then(() => {
        clearTimeout(late);
        this.#isLooking = false;
        go();
      });
    });
  }

  async #ask(waitMs: number): Promise<void> {
    try {
      this.#known = await readSwitch(this.ops(), waitMs);
      this.#wasRead = true;
      this.#answers = true;
    } catch {
      this.#answers = false;
    }
  }
}
