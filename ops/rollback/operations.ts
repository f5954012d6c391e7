import type { Db } from "mongodb";
import { connect, opsDatabaseName, type DatabaseAddress } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";
import { chosenDatabase } from "../chosen-database";
import type { DatabaseOptions } from "../named-database";

/** The code of the refusal of a stack whose database was never made. */
export const noDatabaseYet = "rollback-no-database";

/** Works with the operations' database beside the one that a command is about. */
export async function withOperations<T>(
  options: DatabaseOptions,
  work: (at: { ops: Db; address: DatabaseAddress }) => Promise<T>,
): Promise<T> {
  const { address } = await chosenDatabase(options);
  if (!address) throw noDatabase(options.stack);
  const client = await connect(address, "migration", { appName: "dnd-rollback" });
  try {
    return await work({ ops: client.db(opsDatabaseName(address.name)), address });
  } finally {
    await client.close();
  }
}

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: noDatabaseYet,
    kind: "refused",
    message: `the stack ${stack} has no database yet: there is nothing to go back to`,
    remedy: "`dnd up` makes it.",
  });
}
