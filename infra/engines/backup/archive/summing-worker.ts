import { parentPort } from "node:worker_threads";
import { PlainSums, type CollectionSums } from "./sums";

/** Bytes to sum up and give back, or what they came to when there are none. */
export interface Asked {
  collection: number;
  bytes?: Uint8Array;
}

export type Answer = Uint8Array | CollectionSums;

/** Begins to answer whoever started this thread. */
export function answer(): void {
  const open = new Map<number, PlainSums>();
  parentPort?.on("message", ({ collection, bytes }: Asked) => {
    const sums = open.get(collection) ?? new PlainSums();
    open.set(collection, sums);
    if (!bytes) {
      open.delete(collection);
      return parentPort?.postMessage(sums.sums());
    }
    sums.take(bytes);
    parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
  });
}
