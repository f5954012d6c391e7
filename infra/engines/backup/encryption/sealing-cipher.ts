import { createCipheriv } from "node:crypto";
import { algorithm, ChunkNonces, chunkBytes, options, payloadKey } from "./stream-format";

/** Encrypts the bytes of one archive in their order, as they lie, in whatever pieces they come. */
export class SealingCipher {
  readonly #key: Buffer;
  readonly #nonces = new ChunkNonces();
  /** What may be the last chunk of all, which is marked: it waits until more comes. */
  #held: Uint8Array[] = [];
  #heldBytes = 0;

  constructor(fileKey: Uint8Array, nonce: Uint8Array) {
    this.#key = payloadKey(fileKey, nonce);
  }

  /** The chunks that are full by now, each in a few pieces and its tag. */
  *seal(bytes: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length;) {
      if (this.#heldBytes === chunkBytes) yield* this.#chunk(false);
      const taken = bytes.subarray(at, at + chunkBytes - this.#heldBytes);
      this.#held.push(taken);
      this.#heldBytes += taken.length;
      at += taken.length;
    }
  }

  /** Nothing more comes. */
  finish(): Generator<Uint8Array> {
    return this.#chunk(true);
  }

  *#chunk(isLast: boolean): Generator<Uint8Array> {
    const cipher = createCipheriv(algorithm, this.#key, this.#nonces.next(isLast), options);
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const piece of held) yield cipher.update(piece);
    cipher.final();
    yield cipher.getAuthTag();
  }
}
