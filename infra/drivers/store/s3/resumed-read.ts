import { Readable } from "node:stream";
import type { GetObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { retry } from "../../../support";
import { sdk } from "./client";
import { isPassing } from "./failures";

type Source = { Bucket: string; Key: string };
type Guard = <T>(work: () => Promise<T>) => Promise<T>;

/** The bytes of an object; a connection that is cut goes on where it was, in the same version of the object. */
export async function resumedRead(client: S3Client, source: Source, guard: Guard): Promise<Readable> {
  const { GetObjectCommand } = sdk();
  const first = await client.send(new GetObjectCommand(source));
  const bytes = resumed(client, source, first);
  return Readable.from(guarded(bytes, guard), { objectMode: false, highWaterMark: 256 * 1024 });
}

async function* resumed(
  client: S3Client,
  source: Source,
  first: GetObjectCommandOutput,
): AsyncGenerator<Uint8Array> {
  const whole = first.ContentLength ?? 0;
  const { GetObjectCommand } = sdk();
  let at = 0;
  let fruitless = 0;
  for (let answer = first; ;) {
    try {
      for await (const chunk of answer.Body as Readable) {
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
    answer = await retry(() => client.send(rest), { attempts: 2, firstDelayMs: 500, retryable: isPassing });
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
