import { OperatorError } from "../../../infra/support";

/** What was said or set is wrong. */
export function usageError(code: string, message: string, remedy: string): OperatorError {
  return new OperatorError({ code, message, remedy, kind: "usage" });
}

/** What was found must not be worked with. */
export function refusal(code: string, message: string, remedy: string): OperatorError {
  return new OperatorError({ code, message, remedy, kind: "refused" });
}
