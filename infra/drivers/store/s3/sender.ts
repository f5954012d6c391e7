import type { S3Client } from "@aws-sdk/client-s3";

/** Sends one request; whoever interrupts gets its end at once, and not after all its retries. */
export type Send = S3Client["send"];

/** Requests of a client that end with the signal. */
export function sendUntil(client: () => S3Client, signal: AbortSignal | undefined): Send {
  const send = (command: Parameters<Send>[0]) => {
    signal?.throwIfAborted();
    return client().send(command, signal ? { abortSignal: signal } : {});
  };
  return send as Send;
}
