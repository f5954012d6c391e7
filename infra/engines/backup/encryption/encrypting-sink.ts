import { randomBytes } from "node:crypto";
import { Secret } from "../../../support";
import type { ByteSink } from "../archive";
import { makeHeader } from "./header";
import { StreamCipher, chunkBytes, nonceBytes, tagBytes } from "./stream-cipher";
import type { EncryptionWanted } from "./wanted";

/** So many chunks go on at once: fewer writes, and a megabyte is all the memory it takes. */
const chunksAtOnce = 16;

/** A stage that encrypts, and knows the key of this one archive. */
export interface EncryptedSink extends ByteSink {
  readonly archiveKey: Secret;
}

/** Encrypts what is written to it, in the age format; the header goes first. */
export async function encryptingSink(sink: ByteSink, wanted: EncryptionWanted): Promise<EncryptedSink> {
  const { bytes, fileKey } = await makeHeader(wanted);
  const nonce = randomBytes(nonceBytes);
  await sink.write(Buffer.concat([bytes, nonce]));
  const archiveKey = new Secret(fileKey.toString("base64"));
  return new EncryptingSink(sink, new StreamCipher(fileKey, nonce), archiveKey);
}

class EncryptingSink implements EncryptedSink {
  readonly #chunk = Buffer.allocUnsafeSlow(chunkBytes);
  #filled = 0;
  #batch = newBatch();
  #batched = 0;

  constructor(
    private readonly sink: ByteSink,
    private readonly cipher: StreamCipher,
    readonly archiveKey: Secret,
  ) {}

  async write(bytes: Uint8Array): Promise<void> {
    let rest = bytes;
    while (rest.length > 0) {
      // A full chunk waits until more comes: it might be the last one.
      if (this.#filled === chunkBytes) {
        this.#seal(this.#chunk, false);
        this.#filled = 0;
      }
      // What is whole already need not be copied first.
      while (this.#filled === 0 && rest.length > chunkBytes) {
        await this.#room();
        this.#seal(rest.subarray(0, chunkBytes), false);
        rest = rest.subarray(chunkBytes);
      }
      const taken = rest.subarray(0, chunkBytes - this.#filled);
      this.#chunk.set(taken, this.#filled);
      this.#filled += taken.length;
      rest = rest.subarray(taken.length);
      await this.#room();
    }
  }

  async end(): Promise<void> {
    await this.#room();
    this.#seal(this.#chunk.subarray(0, this.#filled), true);
    await this.#sendBatch();
    await this.sink.end();
  }

  #seal(chunk: Uint8Array, isLast: boolean): void {
    this.#batched += this.cipher.seal(chunk, isLast, this.#batch, this.#batched);
  }

  async #room(): Promise<void> {
    if (this.#batched + chunkBytes + tagBytes > this.#batch.length) await this.#sendBatch();
  }

  /** The next stage keeps what it gets, so each batch has bytes of its own. */
  async #sendBatch(): Promise<void> {
    const batch = this.#batch.subarray(0, this.#batched);
    this.#batch = newBatch();
    this.#batched = 0;
    await this.sink.write(batch);
  }
}

function newBatch(): Buffer {
  return Buffer.allocUnsafeSlow(chunksAtOnce * (chunkBytes + tagBytes));
}
