import { parseDuration } from "../../support";

/** What a server lets a transaction live, unless it was told otherwise. */
export const transactionLifeMs = 60_000;

const transactionMs = 50_000;
const outsideMs = 600_000;

/** How long a migration may take: what it says itself, else what its stack says, as far as a transaction lives to see it. */
export function timeLimitMs(
  { timeout, transaction }: { timeout: string | undefined; transaction: boolean },
  stackMs: number | undefined,
): number {
  const own = timeout === undefined ? undefined : parseDuration(timeout);
  if (own !== undefined) return own;
  return transaction ? Math.min(transactionMs, stackMs ?? transactionMs) : (stackMs ?? outsideMs);
}
