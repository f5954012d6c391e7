const places = 1 << 16;
const probes = 16;
const activeMs = 5 * 60_000;

/**
 * Counts who was here within five minutes, in memory of a fixed size and without knowing who it was: of each only a number
 * is kept that means nothing outside of this process. Above some sixty thousand at once it stops counting.
 */
export class ActiveSessions {
  readonly #who = new Uint32Array(places);
  /** Seconds since the start, so that they fit. */
  readonly #seen = new Uint32Array(places);
  readonly #salt: number;
  readonly #start: number;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now(), salt = Math.floor(Math.random() * 2 ** 32)) {
    this.#now = now;
    this.#salt = salt;
    // A place that was never used is older than any session.
    this.#start = now() - 2 * activeMs;
  }

  /** Somebody is here: a session's cookie, or whatever else tells visitors apart. */
  add(session: string): void {
    const hash = this.#hashOf(session);
    const second = this.#second();
    const oldest = second - activeMs / 1000;
    let free = -1;
    for (let probe = 0; probe < probes; probe++) {
      const place = (hash + probe) & (places - 1);
      if (this.#who[place] === hash) {
        this.#seen[place] = second;
        return;
      }
      if (free < 0 && (this.#seen[place] ?? 0) < oldest) free = place;
    }
    if (free < 0) return;
    this.#who[free] = hash;
    this.#seen[free] = second;
  }

  get count(): number {
    const oldest = this.#second() - activeMs / 1000;
    return this.#seen.reduce((count, seen) => (seen >= oldest ? count + 1 : count), 0);
  }

  #second(): number {
    return Math.floor((this.#now() - this.#start) / 1000);
  }

  #hashOf(text: string): number {
    let hash = this.#salt;
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 12)) >>> 0;
  }
}
