/** Bytes that arrive in pieces and are taken in other pieces; joined only where a taken one spans several. */
export class ByteQueue {
  #front: Buffer = Buffer.alloc(0);

  constructor(private readonly source: AsyncIterator<Buffer>) {}

  /** What is there without waiting. */
  get front(): Buffer {
    return this.#front;
  }

  /** Waits until that many bytes are there; false when the source ends before. */
  async has(length: number): Promise<boolean> {
    if (this.#front.length >= length) return true;
    const parts = [this.#front];
    let bytes = this.#front.length;
    while (bytes < length) {
      const { value, done } = await this.source.next();
      if (done) break;
      parts.push(value);
      bytes += value.length;
    }
    this.#front = Buffer.concat(parts, bytes);
    return bytes >= length;
  }

  /** Of what is there. */
  take(length: number): Buffer {
    const taken = this.#front.subarray(0, length);
    this.#front = this.#front.subarray(length);
    return taken;
  }

  /** What is there and everything after it, piece by piece. */
  async *rest(): AsyncGenerator<Buffer> {
    if (this.#front.length > 0) yield this.take(this.#front.length);
    for (;;) {
      const { value, done } = await this.source.next();
      if (done) return;
      yield value;
    }
  }
}
