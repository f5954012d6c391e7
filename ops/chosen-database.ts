import type { DatabaseAddress } from "../infra/drivers/mongo";
import type { Settings } from "../stacks/settings";
import { cloudAddress } from "./cloud-address";
import { localStackName } from "./local-stack";
import {
  localDatabase,
  missingName,
  namedAddress,
  namedUri,
  unnamed,
  type DatabaseOptions,
} from "./named-database";

/** The database that a command is about, and the settings of its stack; none where a database was named instead. */
export interface ChosenDatabase {
  /** Null where the stack has none yet. */
  address: DatabaseAddress | null;
  settings: Settings | undefined;
}

/** The database that was named, or the stack's. */
export async function chosenDatabase(options: DatabaseOptions): Promise<ChosenDatabase> {
  const named = namedUri(options);
  if (named !== undefined) {
    const name = options.db ?? process.env.MONGODB_DB_NAME;
    if (!name) throw unnamed(missingName);
    return { address: namedAddress(named, name), settings: undefined };
  }
  const { settingsNamed } = require("./stack-settings") as typeof import("./stack-settings");
  const settings = await settingsNamed(options);
  if (options.stack === localStackName) return { address: await localDatabase(), settings };
  return { address: await cloudAddress(options, settings, options.db), settings };
}
