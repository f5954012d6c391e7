import type { Db } from "mongodb";
import { atDatabase, type DatabaseAddress, type DatabaseRole } from "../infra/drivers/mongo";
import { OperatorError } from "../infra/support";
import type { Settings } from "../stacks/settings";
import { chosenDatabase } from "./chosen-database";
import type { DatabaseOptions } from "./named-database";

/** The operations' database of the stack that a command is about, while its work lasts. */
export interface OperationsAt {
  ops: Db;
  /** The application's own. */
  app: Db;
  address: DatabaseAddress;
  settings: Settings | undefined;
}

/** How a command reaches it, and how it says that there is none yet. */
export interface Reach {
  role: DatabaseRole;
  appName: string;
  signal: AbortSignal | undefined;
  none: (stack: string) => { code: string; message: string; remedy: string };
}

const usual: Reach = {
  role: "migration",
  appName: "dnd",
  signal: undefined,
  none: (stack) => ({
    code: "no-database",
    message: `the stack ${stack} has no database yet`,
    remedy: "`dnd up` makes it.",
  }),
};

/** Works with what the operations remember beside the database that a command is about. */
export async function atOperations<T>(
  options: DatabaseOptions,
  work: (at: OperationsAt) => Promise<T>,
  reach: Partial<Reach> = {},
): Promise<T> {
  const { role, appName, signal, none } = { ...usual, ...reach };
  const { address, settings } = await chosenDatabase(options);
  if (!address) throw new OperatorError({ kind: "refused", ...none(options.stack) });
  return atDatabase(address, role, { appName, signal }, ({ ops, app }) =>
    work({ ops, app, address, settings }),
  );
}
