import { parentPort } from "node:worker_threads";
import { SealingCipher } from "./sealing-cipher";

/** Where in an archive the thread goes on. */
export interface Begun {
  fileKey: Uint8Array;
  nonce: Uint8Array;
  chunksBefore: number;
}

export interface Asked {
  /** To be sealed where they lie. */
  chunks: Uint8Array;
  isLast: boolean;
}

/** Begins to answer whoever started this thread. */
export function answer({ fileKey, nonce, chunksBefore }: Begun): void {
  const cipher = new SealingCipher(fileKey, nonce, chunksBefore);
  parentPort?.on("message", ({ chunks, isLast }: Asked) => {
    cipher.sealAll(chunks, isLast);
    parentPort?.postMessage(chunks, [chunks.buffer as ArrayBuffer]);
  });
}
