import { setFlagsFromString } from "node:v8";

let atWork = 0;

/**
 * Work through which gigabytes pass in buffers that live for a moment. The collector counts them as if they stayed, and
 * would look through the whole heap for every 15 MB: half of the CPU of a dump, for nothing. What is young it still
 * collects, and what is old when memory runs short.
 */
export async function throughShortLivedBytes<Result>(work: () => Promise<Result>): Promise<Result> {
  if (atWork++ === 0) setFlagsFromString("--no-incremental-marking");
  try {
    return await work();
  } finally {
    if (--atWork === 0) setFlagsFromString("--incremental-marking");
  }
}
