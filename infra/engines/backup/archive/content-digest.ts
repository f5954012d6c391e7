/**
 * A fingerprint of a set of documents that does not depend on their order: of each document a hash of 64 bits with its
 * length above it, added up modulo 2^128. A restored copy has the same, in whatever order the server gives it back.
 * Numbers of 64 bits are slow in JavaScript, so the hash is two of 32 bits, over one half of the words each.
 */
export class ContentDigest {
  #high = 0;
  #low = 0;
  #lengths = 0;
  #carried = 0n;

  /** Whole documents, one after the other. */
  add(documents: Uint8Array): void {
    const view = new DataView(documents.buffer, documents.byteOffset, documents.length);
    for (let at = 0; at < documents.length;) {
      const length = view.getInt32(at, true);
      if (length < 5 || at + length > documents.length) throw new RangeError("these are no whole documents");
      this.#document(view, at, at + length);
      at += length;
    }
    this.#carry();
  }

  /** 32 hexadecimal digits. */
  value(): string {
    this.#carry();
    return BigInt.asUintN(128, this.#carried).toString(16).padStart(32, "0");
  }

  #document(view: DataView, start: number, end: number): void {
    let a = start - end;
    let b = end - start;
    let at = start;
    for (const last = end - 7; at < last; at += 8) {
      a = mix(a, view.getInt32(at, true));
      b = mix(b, view.getInt32(at + 4, true));
    }
    for (; at < end; at++) a = mix(a, view.getUint8(at));
    // Each half depends on all words in the end.
    a = scatter(a ^ imul(b, odd));
    b = scatter(b + a);
    this.#high += a >>> 0;
    this.#low += b >>> 0;
    this.#lengths += end - start;
  }

  /** Two million hashes fit into a number without loss; a batch is smaller. */
  #carry(): void {
    this.#carried += (BigInt(this.#lengths) << 64n) + (BigInt(this.#high) << 32n) + BigInt(this.#low);
    this.#high = this.#low = this.#lengths = 0;
  }
}

/** Looked up once: in a context of its own, such as a test's, each look at a global is slow. */
const { imul } = Math;
const odd = 0x9e3779b1;

function mix(hash: number, word: number): number {
  const mixed = hash ^ imul(word, 0xcc9e2d51);
  return (imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function scatter(hash: number): number {
  let mixed = imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
