import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { ArchiveDamage } from "../archive";

/** How age cuts what it encrypts. */
export const chunkBytes = 64 * 1024;
export const tagBytes = 16;
export const nonceBytes = 16;

const algorithm = "chacha20-poly1305";
const options = { authTagLength: tagBytes };

/** Encrypts or decrypts the chunks of one archive, in their order; the last one is marked, so that none can be cut off. */
export class StreamCipher {
  readonly #key: Buffer;
  readonly #nonce = Buffer.alloc(12);
  #chunks = 0;

  constructor(fileKey: Buffer, nonce: Buffer) {
    this.#key = Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
  }

  /** Writes the encrypted chunk to where it belongs and says how long it became. */
  seal(chunk: Uint8Array, isLast: boolean, into: Buffer, at: number): number {
    const cipher = createCipheriv(algorithm, this.#key, this.#next(isLast), options);
    into.set(cipher.update(chunk), at);
    cipher.final();
    into.set(cipher.getAuthTag(), at + chunk.length);
    return chunk.length + tagBytes;
  }

  open(sealed: Buffer, isLast: boolean): Buffer {
    const first = this.#chunks === 0;
    const length = sealed.length - tagBytes;
    // Only an archive of nothing ends with an empty chunk.
    if (length < 0 || (length === 0 && !first))
      throw new ArchiveDamage("it ends in the middle of its encryption");
    const decipher = createDecipheriv(algorithm, this.#key, this.#next(isLast), options);
    decipher.setAuthTag(sealed.subarray(length));
    const opened = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
    } catch {
      throw new ArchiveDamage(`its encrypted part ${this.#chunks} was changed, or the archive was cut short`);
    }
    return opened;
  }

  #next(isLast: boolean): Buffer {
    // Eleven bytes of counter, of which six reach for more than any archive.
    this.#nonce.writeUIntBE(this.#chunks++, 5, 6);
    this.#nonce[11] = isLast ? 1 : 0;
    return this.#nonce;
  }
}
