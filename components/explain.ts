import * as pulumi from "@pulumi/pulumi";
import { leaveWord, OperatorError } from "../infra/support";

/** What an operator can mend is shown without a stack trace, and the command that started all this learns what it was. */
export function explain(error: unknown): never {
  if (!(error instanceof OperatorError)) throw error;
  leaveWord(error);
  throw plainly(error.message);
}

/** The SDK would put the name of each property that waited for it before the message. */
function plainly(message: string): pulumi.RunError {
  return Object.defineProperty(new pulumi.RunError(message), "message", {
    get: () => message,
    set: () => undefined,
  });
}
