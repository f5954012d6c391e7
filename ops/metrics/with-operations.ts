import type { Db } from "mongodb";
import { connect, opsDatabaseName } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { chosenDatabase } from "../chosen-database";
import type { MetricsOptions } from "./options";

/** The operations' database of what was named, and its environment. */
export interface Operations {
  ops: Db;
  environment: string;
  settings: Settings | undefined;
}

/** Works with the operations' database and closes it. */
export async function withOperations<T>(
  options: MetricsOptions,
  work: (operations: Operations) => Promise<T>,
): Promise<T> {
  const { address, settings } = await chosenDatabase(options);
  if (!address) throw noDatabase(options.stack);
  const client = await connect(address, "backup", { appName: "dnd-metrics" });
  try {
    const environment = options.environment ?? settings?.environment ?? "development";
    return await work({ ops: client.db(opsDatabaseName(address.name)), environment, settings });
  } finally {
    await client.close();
  }
}

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "metrics-no-database",
    kind: "refused",
    message: `the ${stack} stack has no database yet, and no figures`,
    remedy: "`dnd up` brings it; or name another one with --uri and --db.",
  });
}
