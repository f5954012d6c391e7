import { resolve } from "node:path";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { OperatorError, projectRoot } from "../../infra/support";
import { localStackName } from "../local-stack";
import { localDatabase, missingAddress, missingName, namedAddress, namedUri } from "../named-database";
import { usage, type MigrateOptions } from "./options";

/** Where migrations are worked with: null where there is no database yet. */
export interface MigrationsPlace {
  address: DatabaseAddress | null;
  folder: string;
}

/** The database that was named, or the stack's. */
export async function placeOf(options: MigrateOptions): Promise<MigrationsPlace> {
  const named = namedUri(options);
  if (named === undefined) return stackPlace(options);
  const name = options.db ?? process.env.MONGODB_DB_NAME;
  if (!name) throw usage(missingName);
  return { address: namedAddress(named, name), folder: folderOf(options) };
}

/** The folder alone, for what needs no database. */
export function folderOf({ folder }: MigrateOptions): string {
  return resolve(folder ?? `${projectRoot}/migrations`);
}

/** The database that must be there. */
export async function requiredPlace(
  options: MigrateOptions,
): Promise<{ address: DatabaseAddress; folder: string }> {
  const { address, folder } = await placeOf(options);
  if (address) return { address, folder };
  throw new OperatorError({
    code: "migrations-no-database",
    kind: "refused",
    message: `the stack ${options.stack} has no database yet`,
    remedy: "`dnd up` makes it and runs the migrations; or name another one with --uri and --db.",
  });
}

async function stackPlace(options: MigrateOptions): Promise<MigrationsPlace> {
  if (options.stack === localStackName) return { address: await localDatabase(), folder: folderOf(options) };
  const { judgeSettings, readStackFile, committedSettings } =
    require("../stack-settings") as typeof import("../stack-settings");
  const { database, migrations } = judgeSettings(await readStackFile(committedSettings(options.stack)));
  const uri = process.env.MONGODB_URI;
  if (!uri) throw usage(missingAddress(options.stack));
  const name = options.db ?? process.env.MONGODB_DB_NAME ?? database.name;
  return {
    address: namedAddress(uri, name),
    folder: resolve(projectRoot, options.folder ?? migrations.folder),
  };
}
