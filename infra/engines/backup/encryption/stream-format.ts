import { hkdfSync } from "node:crypto";

/** How age cuts what it encrypts. */
export const chunkBytes = 64 * 1024;
export const tagBytes = 16;
export const sealedBytes = chunkBytes + tagBytes;
export const nonceBytes = 16;

export const algorithm = "chacha20-poly1305";
export const options = { authTagLength: tagBytes };

/** The key that the chunks of an archive are encrypted with. */
export function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
}

/** The nonces of an archive's chunks, in their order; the last one is marked, so that none can be cut off. */
export class ChunkNonces {
  readonly #nonce = Buffer.alloc(12);

  constructor(
    /** How many were given out. */
    public count = 0,
  ) {}

  /** Lasts until the next one. */
  next(isLast: boolean): Buffer {
    // Eleven bytes of counter, of which six reach for more than any archive.
    this.#nonce.writeUIntBE(this.count++, 5, 6);
    this.#nonce[11] = isLast ? 1 : 0;
    return this.#nonce;
  }
}
