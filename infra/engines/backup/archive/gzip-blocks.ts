import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);
const blockBytes = 2 * 1024 * 1024;
const level = 5;
/** As many blocks on the thread pool as keep two cores busy; more only costs memory. */
const blocksInFlight = 3;

/** Compresses in blocks, several at a time; members of gzip one after the other are one valid stream. */
export class GzipBlocks {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  readonly #inFlight: Promise<Buffer>[] = [];

  constructor(private readonly out: (block: Buffer) => Promise<void>) {}

  /** Keeps the bytes themselves: the caller must not write into them again. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + blockBytes - this.#waitingBytes);
      this.#waiting.push(part);
      this.#waitingBytes += part.length;
      at += part.length;
      if (this.#waitingBytes === blockBytes) await this.#startBlock();
    }
  }

  async end(): Promise<void> {
    if (this.#waitingBytes > 0) await this.#startBlock();
    while (this.#inFlight.length > 0) await this.#finishBlock();
  }

  async #startBlock(): Promise<void> {
    const block = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    const compressed = compress(block, { level });
    // Whoever awaits it later hears of a failure; until then it must not count as one that nobody handles.
    compressed.catch(() => undefined);
    this.#inFlight.push(compressed);
    if (this.#inFlight.length >= blocksInFlight) await this.#finishBlock();
  }

  async #finishBlock(): Promise<void> {
    const block = await this.#inFlight.shift();
    if (block) await this.out(block);
  }
}
