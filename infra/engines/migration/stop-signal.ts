/**
 * A signal that fires with the first of several, or when the time is over; whoever asked for it releases it. Unlike
 * AbortSignal.any, whose books take longer than a small migration.
 */
export function stopSignal(
  sources: readonly (AbortSignal | undefined)[],
  limit: { ms: number; reason: () => Error },
): { signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(limit.reason()), limit.ms);
  const watched = sources.flatMap((source) => {
    if (!source) return [];
    const onAbort = (): void => stop.abort(source.reason);
    if (source.aborted) onAbort();
    else source.addEventListener("abort", onAbort, { once: true });
    return [{ source, onAbort }];
  });
  return {
    signal: stop.signal,
    release() {
      clearTimeout(timer);
      for (const { source, onAbort } of watched) source.removeEventListener("abort", onAbort);
    },
  };
}
