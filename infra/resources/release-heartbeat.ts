const everyMs = 30_000;

/** Does work and beats all the while, so that others can tell it from work that was cut off. */
export async function whileBeating<T>(
  beat: () => Promise<void>,
  work: () => Promise<T>,
  intervalMs = everyMs,
): Promise<T> {
  let last = Promise.resolve();
  // What cannot be said now may be said by the next beat; the work itself tells what is wrong.
  const timer = setInterval(() => (last = last.then(beat).catch(() => undefined)), intervalMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await last;
  }
}
