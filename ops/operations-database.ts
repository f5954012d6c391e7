import type { Db } from "mongodb";
import { connect, opsDatabaseName, type DatabaseAddress } from "../infra/drivers/mongo";
import { OperatorError } from "../infra/support";
import type { Settings } from "../stacks/settings";
import { chosenDatabase } from "./chosen-database";
import type { DatabaseOptions } from "./named-database";

/** The operations' database of the stack that a command is about, while its work lasts. */
export interface OperationsAt {
  ops: Db;
  address: DatabaseAddress;
  settings: Settings | undefined;
}

/** Works with what the operations remember beside the database that a command is about. */
export async function atOperations<T>(
  options: DatabaseOptions,
  work: (at: OperationsAt) => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const { address, settings } = await chosenDatabase(options);
  if (!address) throw noDatabase(options.stack);
  const client = await connect(address, "migration", { appName: "dnd", signal });
  try {
    return await work({ ops: client.db(opsDatabaseName(address.name)), address, settings });
  } finally {
    await client.close();
  }
}

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "no-database",
    kind: "refused",
    message: `the stack ${stack} has no database yet`,
    remedy: "`dnd up` makes it.",
  });
}
