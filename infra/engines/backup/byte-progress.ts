import { formatDuration, formatSize, type Progress } from "../../support";

const intervalMs = 500;

/** Tells of work on a known number of bytes: how much is done, how fast, and how long it will take. */
export class ByteProgress {
  readonly #started = Date.now();
  #last = 0;
  #bytes = 0;
  #current = "";

  constructor(
    private readonly progress: Progress,
    /** "archiving", before the name of what is worked on. */
    private readonly verb: string,
    /** An estimate: it may be passed. */
    private readonly total: number,
  ) {}

  /** What is worked on from here. */
  at(name: string): void {
    this.#current = name;
    this.#tell();
  }

  readonly add = (bytes: number): void => {
    this.#bytes += bytes;
    if (Date.now() - this.#last >= intervalMs) this.#tell();
  };

  #tell(): void {
    this.#last = Date.now();
    const current = this.#bytes;
    const total = Math.max(this.total, current);
    this.progress(`${this.verb} ${this.#current}${this.#rate(total)}`, { current, total, unit: "bytes" });
  }

  #rate(total: number): string {
    const ms = Date.now() - this.#started;
    if (ms < intervalMs || this.#bytes === 0) return "";
    const left = ((total - this.#bytes) / this.#bytes) * ms;
    return `: ${formatSize(this.#bytes)} of ${formatSize(total)}, ${formatSize((this.#bytes / ms) * 1000)}/s, ${formatDuration(left)} left`;
  }
}
