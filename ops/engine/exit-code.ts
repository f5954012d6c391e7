import type { ErrorKind } from "../../infra/support";
import type { OperationResult } from "./contract";

/** What a command ends with: how its operation ended, and what its own program said of why; not what came after it. */
export function exitCodeOf({ result }: Pick<OperationResult, "result">, told: ErrorKind | undefined): number {
  const failed = told === "refused" ? 3 : told === "locked" ? 4 : 1;
  return { succeeded: 0, failed, interrupted: 130 }[result];
}
