import { resolve } from "node:path";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { localFolder, OperatorError, projectRoot } from "../../infra/support";
import { usage, type MigrateOptions } from "./options";

/** Where migrations are worked with: null where there is no database yet. */
export interface MigrationsPlace {
  address: DatabaseAddress | null;
  folder: string;
}

/** The database that was named, or the stack's. */
export async function placeOf(options: MigrateOptions): Promise<MigrationsPlace> {
  const { uri, folder } = options;
  const named = uri ?? (options.stack === "local" && options.db ? process.env.MONGODB_URI : undefined);
  if (named !== undefined) {
    const name = options.db ?? process.env.MONGODB_DB_NAME;
    if (!name) throw usage("--uri wants --db, or MONGODB_DB_NAME");
    return { address: addressOf(named, name), folder: resolve(folder ?? `${projectRoot}/migrations`) };
  }
  return stackPlace(options);
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

/** The full address stays in this process's environment, where connections look for it. */
function addressOf(uri: string, name: string): DatabaseAddress {
  process.env.MONGODB_URI = uri;
  return { uri: uri.replace(/\/\/[^@/]*@/, "//"), name, credentials: "environment" };
}

async function stackPlace(options: MigrateOptions): Promise<MigrationsPlace> {
  if (options.stack === "local") return { address: await localAddress(), folder: folderOf(options) };
  const { judgeSettings, readStackFile, committedSettings } =
    require("../stack-settings") as typeof import("../stack-settings");
  const { database, migrations } = judgeSettings(await readStackFile(committedSettings(options.stack)));
  const uri = process.env.MONGODB_URI;
  if (!uri) {
    throw usage(
      `the address of the stack ${options.stack}'s database stands in MONGODB_URI, which is not set; or name one with --uri and --db`,
    );
  }
  const name = options.db ?? process.env.MONGODB_DB_NAME ?? database.name;
  return { address: addressOf(uri, name), folder: resolve(projectRoot, options.folder ?? migrations.folder) };
}

async function localAddress(): Promise<DatabaseAddress | null> {
  const { observeLocalMongo } =
    require("../../infra/engines/database") as typeof import("../../infra/engines/database");
  const seen = await observeLocalMongo(localFolder("mongo"));
  if (seen.state === "ready") return seen.address;
  if (seen.state === "absent") return null;
  throw new OperatorError({
    code: "migrations-database-down",
    message: `the local database is down: ${seen.why}`,
    remedy: "`npm start` brings it back.",
  });
}
