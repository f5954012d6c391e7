import { formatDuration, formatSize } from "../../support";

/** Where nothing is known yet: what a small machine reads and compresses for sure. */
const carefulBytesPerSecond = 20 * 1024 * 1024;
/** Earlier a measured rate says little: a busy machine stands still for a moment. */
const measuredMs = { atLeast: 5000, ofWindow: 0.1 };

/** Warns, once, when a dump will take longer than the server keeps its snapshot: before it begins, and from its real rate. */
export class WindowWarning {
  readonly #started = Date.now();
  #done = 0;
  #warned = false;

  constructor(
    private readonly expected: { bytes: number; windowMs: number; limitRate: number | undefined },
    private readonly warn: (message: string) => void,
  ) {
    this.#hold(Math.min(expected.limitRate ?? Infinity, carefulBytesPerSecond));
  }

  /** So much more was read. */
  add(bytes: number): void {
    this.#done += bytes;
    const ms = Date.now() - this.#started;
    const { atLeast, ofWindow } = measuredMs;
    if (ms >= Math.max(atLeast, this.expected.windowMs * ofWindow)) this.#hold((this.#done / ms) * 1000);
  }

  #hold(bytesPerSecond: number): void {
    const { bytes, windowMs } = this.expected;
    const takes = (bytes / bytesPerSecond) * 1000;
    if (this.#warned || takes <= windowMs) return;
    this.#warned = true;
    this.warn(
      `reading ${formatSize(bytes)} at ${formatSize(bytesPerSecond)}/s takes about ${formatDuration(takes)}, ` +
        `the server keeps its snapshot for ${formatDuration(windowMs)}: raise minSnapshotHistoryWindowInSeconds, ` +
        "or the archive will be of no single moment",
    );
  }
}
