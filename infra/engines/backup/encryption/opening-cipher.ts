import { createDecipheriv } from "node:crypto";
import { ArchiveDamage } from "../archive";
import { algorithm, ChunkNonces, options, payloadKey, tagBytes } from "./stream-format";

/** Decrypts the chunks of one archive, in their order. */
export class OpeningCipher {
  readonly #key: Buffer;
  readonly #nonces = new ChunkNonces();

  constructor(fileKey: Buffer, nonce: Buffer) {
    this.#key = payloadKey(fileKey, nonce);
  }

  open(sealed: Buffer, isLast: boolean): Buffer {
    const first = this.#nonces.count === 0;
    const length = sealed.length - tagBytes;
    // Only an archive of nothing ends with an empty chunk.
    if (length < 0 || (length === 0 && !first))
      throw new ArchiveDamage("it ends in the middle of its encryption");
    const decipher = createDecipheriv(algorithm, this.#key, this.#nonces.next(isLast), options);
    decipher.setAuthTag(sealed.subarray(length));
    const opened = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
    } catch {
      throw new ArchiveDamage(
        `its encrypted part ${this.#nonces.count} was changed, or the archive was cut short`,
      );
    }
    return opened;
  }
}
