import { longestTimerMs, OperatorError } from "../../infra/support";

/** The guides' limit for a whole deployment, in milliseconds; undefined where DEPLOY_TIMEOUT is not set. */
export function deployTimeout({ DEPLOY_TIMEOUT }: NodeJS.ProcessEnv): number | undefined {
  if (!DEPLOY_TIMEOUT?.trim()) return undefined;
  const ms = Number(DEPLOY_TIMEOUT);
  if (ms > 0 && ms <= longestTimerMs) return ms;
  throw new OperatorError({
    code: "deploy-timeout-wrong",
    kind: "usage",
    message: `DEPLOY_TIMEOUT is "${DEPLOY_TIMEOUT}"; allowed: milliseconds, 1 to ${longestTimerMs}`,
    remedy: "Set it to a number such as 600000, or not at all.",
  });
}
