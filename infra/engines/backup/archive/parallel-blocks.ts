import type { ByteSink } from "./byte-sink";

/** How bytes are cut into blocks, and what becomes of each one, on the thread pool. */
export interface BlockWork {
  blockBytes: number;
  /** More than the machine has cores only costs memory. */
  inFlight: number;
  compress(block: Buffer): Promise<Buffer>;
}

/** Compresses blocks several at a time and hands them on in their order. */
export class ParallelBlocks implements ByteSink {
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  readonly #inFlight: Promise<Buffer>[] = [];

  constructor(
    private readonly next: ByteSink,
    private readonly work: BlockWork,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    const { blockBytes } = this.work;
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
    await this.next.end();
  }

  async #startBlock(): Promise<void> {
    const [first] = this.#waiting;
    const block = this.#waiting.length === 1 && first ? asBuffer(first) : Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
    const compressed = this.work.compress(block);
    // Whoever awaits it later hears of a failure; until then it must not count as one that nobody handles.
    compressed.catch(() => undefined);
    this.#inFlight.push(compressed);
    if (this.#inFlight.length > this.work.inFlight) await this.#finishBlock();
  }

  async #finishBlock(): Promise<void> {
    const block = await this.#inFlight.shift();
    if (block) await this.next.write(block);
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
