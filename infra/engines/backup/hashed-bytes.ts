import { createHash } from "node:crypto";

/** Bytes on their way to a reader, counted and hashed as they pass. */
export class HashedBytes implements AsyncIterable<Uint8Array> {
  readonly #hash = createHash("sha256");
  bytes = 0;

  constructor(private readonly source: AsyncIterable<Uint8Array>) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const bytes of this.source) {
      this.#hash.update(bytes);
      this.bytes += bytes.length;
      yield bytes;
    }
  }

  /** Asked once, at the end. */
  sha256(): string {
    return this.#hash.digest("hex");
  }
}
