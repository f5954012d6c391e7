import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { projectRoot } from "../../../support";
import type { CollectionSums, DocumentBatch, Summing } from "./sums";
import type { Answered, Asked } from "./summing-worker";

const loader = join(projectRoot, "infra", "support", "typescript.cjs");
const start = `for (const file of require("node:worker_threads").workerData) require(file);`;

interface Waiting {
  resolve(answer: Answered): void;
  reject(error: Error): void;
}

/** A thread beside the one that reads: it sums up batches of several collections while the next ones come in. */
export class SummingThread {
  readonly #worker = new Worker(start, {
    eval: true,
    workerData: [loader, join(__dirname, "summing-worker.ts")],
  });
  readonly #waiting: Waiting[] = [];
  #collections = 0;
  #ended: Error | undefined;

  constructor() {
    this.#worker.on("message", (answer: Answered) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on("error", (error: Error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("the thread that sums up has ended")));
  }

  collection(): Summing {
    const collection = this.#collections++;
    return {
      add: async ({ bytes, documents }: DocumentBatch) => {
        const own = ownBytes(bytes);
        const back = (await this.#ask({ collection, bytes: own }, [own.buffer])) as Uint8Array;
        return { documents, bytes: Buffer.from(back.buffer, back.byteOffset, back.length) };
      },
      finish: async () => (await this.#ask({ collection }, [])) as CollectionSums,
    };
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** It answers in the order in which it was asked. */
  #ask(asked: Asked, given: ArrayBuffer[]): Promise<Answered> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(asked, given);
    });
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}

/** Memory goes to the other thread as a whole, so nothing else may lie in it; small buffers share theirs. */
function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength < 2 * length && length > Buffer.poolSize;
  return isOwn ? new Uint8Array(buffer, byteOffset, length) : Uint8Array.from(bytes);
}
