import { setTimeout as sleep } from "node:timers/promises";
import { listenWithMany } from "./any-signal";
import { OperatorError } from "./operator-error";

/** Beyond so many milliseconds a timer of Node's fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

export interface WaitOptions {
  /** What is waited for, as it reads after "waited 20s for". */
  what: string;
  timeoutMs: number;
  intervalMs?: number;
  signal?: AbortSignal | undefined;
}

export class DeadlineError extends OperatorError {}

/** Asks until the answer is not undefined, and gives it; throws a DeadlineError when the time is over. */
export async function waitFor<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  options: WaitOptions,
): Promise<T> {
  // The clock may be set meanwhile; this one only runs on.
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) {
      throw new DeadlineError({
        code: "deadline",
        message: `waited ${options.timeoutMs / 1000}s for ${options.what}`,
        remedy: "Look at the log named above, then run the command again.",
      });
    }
    await pause(options.intervalMs ?? 100, options.signal);
  }
}

/** Sleeps; an interruption ends it with the words of whoever interrupted, which the timer's own error leaves out. */
async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

/** Runs work that hears a signal, which fires at the deadline or when the caller's signal does, until the work is over. */
export async function withDeadline<T>(
  timeoutMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const over = new AbortController();
  const late = () => over.abort(new DOMException(`over ${timeoutMs} ms`, "TimeoutError"));
  const limit = setTimeout(late, timeoutMs).unref();
  const stop = () => over.abort(signal?.reason);
  if (signal?.aborted) stop();
  else if (signal) listenWithMany(signal, stop);
  try {
    return await work(over.signal);
  } finally {
    clearTimeout(limit);
    signal?.removeEventListener("abort", stop);
  }
}
