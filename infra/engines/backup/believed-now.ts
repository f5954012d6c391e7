const dayMs = 24 * 3_600_000;

/**
 * The moment that the age of what may be deleted is counted from: now. Where nothing at all is known of the last `days`
 * but what is of today, the clock may have jumped: then the newest moment before is believed, and too much is kept.
 */
export function believedNow(moments: readonly number[], days: number, now: Date): Date {
  const before = Math.max(...moments.filter((at) => at <= now.getTime() - dayMs));
  const silent = now.getTime() - before > days * dayMs;
  return Number.isFinite(before) && silent ? new Date(before) : now;
}
