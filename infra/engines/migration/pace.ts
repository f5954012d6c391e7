import type { Backfill } from "./migration-context";

/** Of the time that a batch took, the part that a gentle backfill then leaves to others. */
const gentleShare = 0.2;

/** Says after each batch how long to pause: as the limit asks, and so long that others get their turn. */
export function paceOf(
  { perSecond, pace }: Backfill,
  pauses: boolean,
): (documents: number, tookMs: number) => number {
  if (!pauses) return () => 0;
  const share = pace === "full" ? 0 : gentleShare;
  return (documents, tookMs) => {
    const wanted = perSecond ? (documents / perSecond) * 1000 - tookMs : 0;
    return Math.max(0, wanted, tookMs * share);
  };
}
