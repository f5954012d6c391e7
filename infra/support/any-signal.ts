import { setMaxListeners } from "node:events";

/**
 * Aborts with the first of several signals, one of them a time limit; one that stands alone is given back. Unlike AbortSignal.any it holds them: there a limit
 * that nobody else holds is collected before its time, and never comes.
 */
export function anySignal(given: readonly (AbortSignal | undefined)[]): AbortSignal {
  const signals = given.filter((signal) => signal !== undefined);
  const [first, ...others] = signals;
  if (first && others.length === 0) return first;
  const either = new AbortController();
  const listeners = signals.map((signal) => ({ signal, tell: () => either.abort(signal.reason) }));
  const already = signals.find(({ aborted }) => aborted);
  if (already) {
    either.abort(already.reason);
    return either.signal;
  }
  for (const { signal, tell } of listeners) listenWithMany(signal, tell);
  // A signal that lives for months keeps no trace of a wait that is over.
  const forget = () => {
    for (const { signal, tell } of listeners) signal.removeEventListener("abort", tell);
  };
  either.signal.addEventListener("abort", forget, { once: true });
  return either.signal;
}

/** Listens to the one signal of a whole run, which each of its many waits at a time does without being a leak. */
export function listenWithMany(signal: AbortSignal, tell: () => void): void {
  setMaxListeners(0, signal);
  signal.addEventListener("abort", tell, { once: true });
}
