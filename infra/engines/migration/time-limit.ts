import { parseDuration } from "../../support";

/** What a server lets a transaction live, unless it was told otherwise. */
export const transactionLifeMs = 60_000;

/** How long a migration may take. */
export function timeLimit(
  given: string | undefined,
  transaction: boolean,
): { timeout: string; timeoutMs: number } {
  const timeout = given ?? (transaction ? "50s" : "10m");
  return { timeout, timeoutMs: parseDuration(timeout) ?? transactionLifeMs };
}
