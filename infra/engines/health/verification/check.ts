/** One thing that was looked at, with what was found. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  durationMs: number;
  /** Nothing answered at all, or only to say that the database is away: nothing that the app could be blamed for. */
  unanswered?: true;
}

/** Thrown by a look that found something wrong; its message is the detail of the check. */
export class CheckFailure extends Error {}

/** Thrown by a look that got no answer, or none that says anything about the app. */
export class NoAnswer extends CheckFailure {}

/** Does one look; what it finds wrong becomes a failed check, an interruption stays an error. */
export async function check(name: string, signal: AbortSignal, look: () => Promise<string>): Promise<Check> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  try {
    return { name, ok: true, detail: await look(), durationMs: took() };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CheckFailure)) throw error;
    const failed = { name, ok: false, detail: error.message, durationMs: took() };
    return error instanceof NoAnswer ? { ...failed, unanswered: true } : failed;
  }
}
