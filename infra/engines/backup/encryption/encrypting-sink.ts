import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { Secret } from "../../../support";
import { AnsweringThread } from "../answering-thread";
import type { ByteSink } from "../archive";
import { makeHeader } from "./header";
import { SealingCipher } from "./sealing-cipher";
import type { Asked, Begun } from "./sealing-worker";
import { chunkBytes, nonceBytes, sealedBytes, tagBytes } from "./stream-format";
import type { EncryptionWanted } from "./wanted";

/** So many chunks go on at once: fewer writes, and a few megabytes are all the memory it takes. */
const chunksAtOnce = 8;
/** One is sealed while the one before is written. */
const inFlight = 2;
/** What is smaller is sealed before a thread has started. */
const batchesWithoutThread = 16;

/** A stage that encrypts, and knows the key of this one archive. */
export interface EncryptedSink extends ByteSink {
  readonly archiveKey: Secret;
  /** Whatever became of the archive: nothing of the stage goes on. */
  close(): Promise<void>;
}

/** Encrypts what is written to it, in the age format; the header goes first. */
export async function encryptingSink(
  sink: ByteSink,
  wanted: EncryptionWanted,
  /** On a thread of its own: it takes memory, and is worth it where nothing else is slow. */
  onThread = false,
): Promise<EncryptedSink> {
  const { bytes, fileKey } = await makeHeader(wanted);
  const nonce = randomBytes(nonceBytes);
  await sink.write(Buffer.concat([bytes, nonce]));
  return new EncryptingSink(sink, fileKey, nonce, onThread);
}

class EncryptingSink implements EncryptedSink {
  readonly archiveKey: Secret;
  readonly #cipher: SealingCipher;
  #thread: AnsweringThread<Asked, Uint8Array> | undefined;
  #batch = newBatch();
  /** Whole chunks in the batch, and bytes in the one after them. */
  #chunks = 0;
  #begun = 0;
  #batches = 0;
  readonly #sealing: Promise<Uint8Array>[] = [];

  constructor(
    private readonly sink: ByteSink,
    private readonly fileKey: Buffer,
    private readonly nonce: Buffer,
    private readonly onThread: boolean,
  ) {
    this.archiveKey = new Secret(fileKey.toString("base64"));
    this.#cipher = new SealingCipher(fileKey, nonce);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      if (this.#begun === chunkBytes) await this.#nextChunk();
      const taken = bytes.subarray(at, at + chunkBytes - this.#begun);
      this.#batch.set(taken, this.#chunks * sealedBytes + this.#begun);
      this.#begun += taken.length;
      at += taken.length;
    }
  }

  async end(): Promise<void> {
    await this.#send(true);
    while (this.#sealing.length > 0) await this.#passOn();
    await this.close();
    await this.sink.end();
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  /** A full batch waits until more comes: its last chunk might be the last of all. */
  async #nextChunk(): Promise<void> {
    if (this.#chunks === chunksAtOnce - 1) return this.#send(false);
    this.#chunks++;
    this.#begun = 0;
  }

  async #send(isLast: boolean): Promise<void> {
    const chunks = this.#batch.subarray(0, this.#chunks * sealedBytes + this.#begun + tagBytes);
    this.#batch = newBatch();
    this.#chunks = this.#begun = 0;
    const sealing = this.#seal(chunks, isLast);
    // Whoever awaits it later hears of a failure; until then it must not count as one that nobody handles.
    sealing.catch(() => undefined);
    this.#sealing.push(sealing);
    if (this.#sealing.length > inFlight) await this.#passOn();
  }

  async #seal(chunks: Uint8Array<ArrayBuffer>, isLast: boolean): Promise<Uint8Array> {
    if (this.onThread && this.#batches++ >= batchesWithoutThread)
      return (this.#thread ??= this.#startThread()).ask({ chunks, isLast }, [chunks.buffer]);
    this.#cipher.sealAll(chunks, isLast);
    return chunks;
  }

  #startThread(): AnsweringThread<Asked, Uint8Array> {
    const begun: Begun = { fileKey: this.fileKey, nonce: this.nonce, chunksBefore: this.#cipher.chunks };
    return new AnsweringThread(join(__dirname, "sealing-worker.ts"), begun);
  }

  async #passOn(): Promise<void> {
    const sealed = await this.#sealing.shift();
    if (sealed) await this.sink.write(sealed);
  }
}

/** Of its own, for it goes to another thread as a whole. */
function newBatch(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.allocUnsafeSlow(chunksAtOnce * sealedBytes).buffer as ArrayBuffer);
}
