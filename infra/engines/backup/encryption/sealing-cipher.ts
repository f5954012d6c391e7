import { createCipheriv } from "node:crypto";
import { algorithm, ChunkNonces, options, payloadKey, sealedBytes, tagBytes } from "./stream-format";

/** Encrypts the chunks of one archive, in their order. It runs in a thread of its own too, which loads no more than this. */
export class SealingCipher {
  readonly #key: Buffer;
  readonly #nonces: ChunkNonces;

  /** The chunks that went before may have been another's work. */
  constructor(fileKey: Uint8Array, nonce: Uint8Array, chunksBefore = 0) {
    this.#key = payloadKey(fileKey, nonce);
    this.#nonces = new ChunkNonces(chunksBefore);
  }

  /** How many chunks went through it, and before it. */
  get chunks(): number {
    return this.#nonces.count;
  }

  /** Encrypts chunks where they lie, each with room for its tag behind it; only the last of an archive may be shorter. */
  sealAll(chunks: Uint8Array, isLast: boolean): void {
    for (let at = 0; at < chunks.length; at += sealedBytes) {
      const end = Math.min(at + sealedBytes, chunks.length);
      this.#seal(chunks.subarray(at, end), isLast && end === chunks.length);
    }
  }

  #seal(room: Uint8Array, isLast: boolean): void {
    const length = room.length - tagBytes;
    const cipher = createCipheriv(algorithm, this.#key, this.#nonces.next(isLast), options);
    room.set(cipher.update(room.subarray(0, length)));
    cipher.final();
    room.set(cipher.getAuthTag(), length);
  }
}
