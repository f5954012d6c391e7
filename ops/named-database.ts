import type { DatabaseAddress } from "../infra/drivers/mongo";
import { localFolder, OperatorError } from "../infra/support";
import type { CommonOptions } from "./command";
import { localStackName } from "./local-stack";

/** How a command names a database that no stack describes. */
export interface DatabaseOptions extends CommonOptions {
  uri?: string;
  db?: string;
  /** The stack's settings, where they are not those that are committed. */
  configFile?: string;
}

/** The address that was named: by --uri, or by --db with MONGODB_URI beside the local stack. */
export function namedUri({ uri, db, stack }: DatabaseOptions): string | undefined {
  return (
    uri ?? (stack === localStackName && db !== undefined ? process.env.MONGODB_URI || undefined : undefined)
  );
}

/** The full address stays in this process's environment, where connections look for it. */
export function namedAddress(uri: string, name: string): DatabaseAddress {
  process.env.MONGODB_URI = uri;
  return { uri: uri.replace(/\/\/[^@/]*@/, "//"), name, credentials: "environment" };
}

/** Where it is not known which database is meant. */
export function unnamed(message: string): OperatorError {
  return new OperatorError({
    code: "usage",
    kind: "usage",
    message,
    remedy: "Name the database with --uri and --db, or set MONGODB_URI for the stack.",
  });
}

/** Why a stack in the cloud cannot be worked with: its address is nowhere but in the environment. */
export function missingAddress(stack: string): string {
  return `the address of the stack ${stack}'s database stands in MONGODB_URI, which is not set; or name one with --uri and --db`;
}

/** What is said where a database is named by its address alone. */
export const missingName = "--uri wants --db, or MONGODB_DB_NAME";

/** The local stack's database; null where there is none yet. */
export async function localDatabase(): Promise<DatabaseAddress | null> {
  const { observeLocalMongo } =
    require("../infra/engines/database") as typeof import("../infra/engines/database");
  const seen = await observeLocalMongo(localFolder("mongo"));
  if (seen.state === "ready") return seen.address;
  if (seen.state === "absent") return null;
  throw new OperatorError({
    code: "database-down",
    message: `the local database is down: ${seen.why}`,
    remedy: "`npm start` brings it back; or name another one with --uri and --db.",
  });
}
