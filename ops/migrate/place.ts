import { resolve } from "node:path";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { OperatorError, projectRoot } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { cloudAddress } from "../cloud-address";
import { localStackName } from "../local-stack";
import { localDatabase, missingName, namedAddress, namedUri } from "../named-database";
import { usage, type MigrateOptions } from "./options";

/** Where migrations are worked with: null where there is no database yet. */
export interface MigrationsPlace {
  address: DatabaseAddress | null;
  folder: string;
  /** The stack's own; undefined where a database was named instead. */
  settings: Settings | undefined;
}

/** The database that was named, or the stack's. */
export async function placeOf(options: MigrateOptions): Promise<MigrationsPlace> {
  const named = namedUri(options);
  if (named === undefined) return stackPlace(options);
  const name = options.db ?? process.env.MONGODB_DB_NAME;
  if (!name) throw usage(missingName);
  return { address: namedAddress(named, name), folder: folderOf(options), settings: undefined };
}

/** The folder alone, for what needs no database. */
export function folderOf({ folder }: Pick<MigrateOptions, "folder">): string {
  return resolve(folder ?? `${projectRoot}/migrations`);
}

/** The database that must be there. */
export async function requiredPlace(
  options: MigrateOptions,
): Promise<MigrationsPlace & { address: DatabaseAddress }> {
  const { address, ...place } = await placeOf(options);
  if (address) return { address, ...place };
  throw new OperatorError({
    code: "migrations-no-database",
    kind: "refused",
    message: `the stack ${options.stack} has no database yet`,
    remedy: "`dnd up` makes it and runs the migrations; or name another one with --uri and --db.",
  });
}

async function stackPlace(options: MigrateOptions): Promise<MigrationsPlace> {
  const { settingsOf } = require("../stack-settings") as typeof import("../stack-settings");
  const settings = await settingsOf(options.stack);
  const folder =
    options.folder === undefined ? resolve(projectRoot, settings.migrations.folder) : folderOf(options);
  if (options.stack === localStackName) return { address: await localDatabase(), folder, settings };
  const name = options.db ?? process.env.MONGODB_DB_NAME ?? settings.database.name;
  return { address: await cloudAddress(options, settings, name), folder, settings };
}

/** The folder that is checked without a database, and whether each migration there must have a way back. */
export async function policyOf(options: MigrateOptions): Promise<{ folder: string; requireDown: boolean }> {
  const { folder, stack, requireDown } = options;
  if (folder !== undefined) return { folder: folderOf(options), requireDown: requireDown ?? false };
  const { settingsOf } = require("../stack-settings") as typeof import("../stack-settings");
  const { migrations } = await settingsOf(stack);
  return {
    folder: resolve(projectRoot, migrations.folder),
    requireDown: requireDown ?? migrations.requireDown,
  };
}

/** What a stack's settings say of how its migrations are run; nothing where a database was named. */
export function rulesOf({ settings }: MigrationsPlace) {
  if (!settings) return {};
  const { schema, requireDown, timeout: timeoutMs, onFailure } = settings.migrations;
  return { schema, requireDown, timeoutMs, onFailure };
}
