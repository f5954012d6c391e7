import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { projectRoot } from "../../support";

const loader = join(projectRoot, "infra", "support", "typescript.cjs");
const start = `
const { workerData } = require("node:worker_threads");
require(workerData.loader);
require(workerData.file).answer(workerData.given);`;

/** What passes through it lives for a moment: collected early, it takes a few megabytes instead of many. */
const resourceLimits = { maxYoungGenerationSizeMb: 6 };

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** A thread beside this one that answers in the order in which it is asked; its file exports `answer`. */
export class AnsweringThread<Asked, Answer> {
  readonly #worker: Worker;
  readonly #waiting: Waiting<Answer>[] = [];
  #ended: Error | undefined;

  constructor(file: string, given?: unknown) {
    this.#worker = new Worker(start, { eval: true, workerData: { loader, file, given }, resourceLimits });
    this.#worker.on("message", (answer: Answer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on("error", (error: Error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("the thread has ended")));
  }

  /** What is given away is the other thread's from here on. */
  ask(asked: Asked, givenAway: ArrayBuffer[] = []): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(asked, givenAway);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }
}
