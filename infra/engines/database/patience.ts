import { availableParallelism, loadavg } from "node:os";

const most = 5;

/** So long is waited for an answer that takes a moment: longer where more is to be done than there are cores for it. */
export function patienceFor(ms: number, [load = 0] = loadavg(), cores = availableParallelism()): number {
  return Math.round(ms * Math.min(most, Math.max(1, load / cores)));
}
