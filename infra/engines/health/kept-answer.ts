/** An answer as it goes over the wire. */
export interface Answer {
  status: number;
  text: string;
  bytes: Buffer;
}

/** Gives the answer: at once where one is kept, after a look otherwise. */
export type AnswerSource = () => Answer | Promise<Answer>;

export interface KeptAnswer<T> {
  /** How long one look counts. */
  keepMs: number;
  look: () => Promise<T>;
  status: (found: T, draining: boolean) => number;
  body: (found: T, draining: boolean) => object;
  draining: () => boolean;
}

/**
 * An answer that is written once for all who ask within a while: checks must not become load. Whoever is asked to stop
 * says so in the next answer, for that costs no look.
 */
export function keptAnswer<T>({ keepMs, look, status, body, draining }: KeptAnswer<T>): AnswerSource {
  let kept: { found: T; draining: boolean; answer: Answer } | undefined;
  let looking: Promise<Answer> | undefined;
  const write = (found: T): Answer => {
    const leaving = draining();
    const text = JSON.stringify(body(found, leaving));
    const answer = { status: status(found, leaving), text, bytes: Buffer.from(text) };
    kept = { found, draining: leaving, answer };
    return answer;
  };
  const lookAgain = async () => {
    try {
      const found = await look();
      setTimeout(() => (kept = undefined), keepMs).unref();
      return write(found);
    } finally {
      looking = undefined;
    }
  };
  return () => {
    if (kept) return kept.draining === draining() ? kept.answer : write(kept.found);
    return (looking ??= lookAgain());
  };
}
