import { median } from "../shared/pairs";

/** What one run of one side took. */
export interface Measured {
  ms: number;
  /** Of what was written or read. */
  bytes: number;
  /** Of all threads of the one that dumps or restores, not of the server; NaN where the system does not tell. */
  cpuMs: number;
  peakBytes: number;
}

/** Every run of every side, by its name and in order: the same place in two lists is the same round. */
export class Runs {
  readonly #all = new Map<string, Measured[]>();

  /** Says what was seen at once: a long bench must not be silent. */
  note(name: string, one: Measured): void {
    this.#all.set(name, [...this.of(name), one]);
    process.stderr.write(`${name}: ${(one.ms / 1000).toFixed(2)} s\n`);
  }

  get names(): string[] {
    return [...this.#all.keys()];
  }

  of(name: string): Measured[] {
    return this.#all.get(name) ?? [];
  }

  median(name: string, key: keyof Measured): number {
    return median(this.of(name).map((one) => one[key]));
  }

  peak(name: string): number {
    return Math.max(...this.of(name).map((one) => one.peakBytes));
  }

  /** The median of the ratios, round by round: a machine that slows down slows both sides of one. */
  ratio(key: keyof Measured, up: string, down: string): number {
    return medianRatio(this.of(up), this.of(down), key);
  }

  /** The same against whichever of two was faster in its round. */
  ratioToFaster(one: string, other: string, down: string): number {
    const others = this.of(other);
    const faster = this.of(one).map((run, n) => ({ ...run, ms: Math.min(run.ms, others[n]?.ms ?? run.ms) }));
    return medianRatio(faster, this.of(down), "ms");
  }
}

function medianRatio(up: Measured[], down: Measured[], key: keyof Measured): number {
  return median(up.map((one, n) => one[key] / (down[n]?.[key] ?? Number.NaN)));
}
