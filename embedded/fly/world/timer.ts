import type { Clock } from "../../../infra/support";

/** Does the work after a while; what it gives ends the waiting. */
export function after(clock: Clock, ms: number, work: () => void): () => void {
  const ending = new AbortController();
  clock.sleep(ms, ending.signal).then(work, () => undefined);
  return () => ending.abort();
}
