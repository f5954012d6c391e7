import { addAbortSignal, Readable } from "node:stream";
import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { retry } from "../../../support";
import { sdk } from "./client";
import { isPassing } from "./failures";
import type { Send } from "./sender";

type Source = { Bucket: string; Key: string };
type Guard = <T>(work: () => Promise<T>) => Promise<T>;

/** The bytes of an object; a connection that is cut goes on where it was, in the same version of the object. */
export async function resumedRead(
  send: Send,
  source: Source,
  guard: Guard,
  signal?: AbortSignal,
): Promise<Readable> {
  const { GetObjectCommand } = sdk();
  const first = await send(new GetObjectCommand(source));
  const bytes = resumed(send, source, first, signal);
  return Readable.from(guarded(bytes, guard), { objectMode: false, highWaterMark: 256 * 1024 });
}

async function* resumed(
  send: Send,
  source: Source,
  first: GetObjectCommandOutput,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  const whole = first.ContentLength ?? 0;
  const { GetObjectCommand } = sdk();
  let at = 0;
  let fruitless = 0;
  for (let answer = first; ;) {
    try {
      const body = answer.Body as Readable;
      for await (const chunk of signal ? addAbortSignal(signal, body) : body) {
        const bytes = chunk as Uint8Array;
        at += bytes.length;
        fruitless = 0;
        yield bytes;
      }
      if (at >= whole) return;
      const message = `the connection ended after ${at} of ${whole} bytes`;
      throw Object.assign(new Error(message), { code: "ECONNRESET" });
    } catch (error) {
      fruitless += 1;
      if (fruitless > 4 || !isPassing(error)) throw error;
    }
    const rest = new GetObjectCommand({ ...source, Range: `bytes=${at}-`, IfMatch: first.ETag });
    answer = await retry(() => send(rest), { attempts: 2, firstDelayMs: 500, retryable: isPassing, signal });
  }
}

async function* guarded(bytes: AsyncGenerator<Uint8Array>, guard: Guard): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const next = await guard(() => bytes.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await bytes.return(undefined);
  }
}
