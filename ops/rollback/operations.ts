import type { DatabaseOptions } from "../named-database";
import { atOperations, type OperationsAt } from "../operations-database";

/** The code of the refusal of a stack whose database was never made. */
export const noDatabaseYet = "rollback-no-database";

/** Works with the operations' database beside the one that a command is about. */
export function withOperations<T>(
  options: DatabaseOptions,
  work: (at: OperationsAt) => Promise<T>,
): Promise<T> {
  return atOperations(options, work, { appName: "dnd-rollback", none: noDatabase });
}

function noDatabase(stack: string) {
  return {
    code: noDatabaseYet,
    message: `the stack ${stack} has no database yet: there is nothing to go back to`,
    remedy: "`dnd up` makes it.",
  };
}
