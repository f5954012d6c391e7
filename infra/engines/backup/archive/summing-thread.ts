import { join } from "node:path";
import { AnsweringThread } from "../answering-thread";
import type { CollectionSums, DocumentBatch, Summing } from "./sums";
import type { Answer, Asked } from "./summing-worker";

/** A thread beside the one that reads: it sums up batches of several collections while the next ones come in. */
export class SummingThread {
  readonly #thread = new AnsweringThread<Asked, Answer>(join(__dirname, "summing-worker.ts"));
  #collections = 0;

  collection(): Summing {
    const collection = this.#collections++;
    return {
      add: async ({ bytes, documents }: DocumentBatch) => {
        const own = ownBytes(bytes);
        const back = (await this.#thread.ask({ collection, bytes: own }, [own.buffer])) as Uint8Array;
        return { documents, bytes: Buffer.from(back.buffer, back.byteOffset, back.length) };
      },
      finish: async () => (await this.#thread.ask({ collection })) as CollectionSums,
    };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

/** Memory goes to the other thread as a whole, so nothing else may lie in it; small buffers share theirs. */
function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength < 2 * length && length > Buffer.poolSize;
  return isOwn ? new Uint8Array(buffer, byteOffset, length) : Uint8Array.from(bytes);
}
