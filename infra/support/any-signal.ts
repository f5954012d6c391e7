import { setMaxListeners } from "node:events";

/**
 * Aborts with the first of several signals, one of them a time limit. Unlike AbortSignal.any it holds them: there a limit
 * that nobody else holds is collected before its time, and never comes.
 */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const either = new AbortController();
  const listeners = signals.map((signal) => ({ signal, tell: () => either.abort(signal.reason) }));
  const already = signals.find(({ aborted }) => aborted);
  if (already) {
    either.abort(already.reason);
    return either.signal;
  }
  // One signal of a whole run is joined with the limit of each of its requests, many at a time.
  setMaxListeners(0, ...signals);
  for (const { signal, tell } of listeners) signal.addEventListener("abort", tell, { once: true });
  // A signal that lives for months keeps no trace of a wait that is over.
  const forget = () => {
    for (const { signal, tell } of listeners) signal.removeEventListener("abort", tell);
  };
  either.signal.addEventListener("abort", forget, { once: true });
  return either.signal;
}
