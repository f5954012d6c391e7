import { createCipheriv, createDecipheriv, hkdfSync } from "node:crypto";
import { ArchiveDamage } from "../archive";

/** How age cuts what it encrypts. */
export const chunkBytes = 64 * 1024;
export const tagBytes = 16;
export const sealedBytes = chunkBytes + tagBytes;
export const nonceBytes = 16;

const algorithm = "chacha20-poly1305";
const options = { authTagLength: tagBytes };

/** Encrypts or decrypts the chunks of one archive, in their order; the last one is marked, so that none can be cut off. */
export class StreamCipher {
  readonly #key: Buffer;
  readonly #nonce = Buffer.alloc(12);
  #chunks: number;

  /** The chunks that went before may have been another's work. */
  constructor(fileKey: Buffer, nonce: Buffer, chunksBefore = 0) {
    this.#chunks = chunksBefore;
    this.#key = Buffer.from(hkdfSync("sha256", fileKey, nonce, "payload", 32));
  }

  /** How many chunks went through it, and before it. */
  get chunks(): number {
    return this.#chunks;
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
    const cipher = createCipheriv(algorithm, this.#key, this.#next(isLast), options);
    room.set(cipher.update(room.subarray(0, length)));
    cipher.final();
    room.set(cipher.getAuthTag(), length);
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
