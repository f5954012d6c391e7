import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { cloudAddress } from "../cloud-address";
import { localPlaces, localStackName } from "../local-stack";
import { localDatabase, missingName, namedAddress, namedUri } from "../named-database";
import { settingsNamed } from "../stack-settings";
import { settingsWithStore } from "../stack-store";
import type { Terminal } from "../terminal";
import { engine } from "./engine";
import { requiredId, usage, type BackupOptions } from "./options";

/** Where archives are, and of what: a database is looked for by those alone that need one. */
export interface BackupPlace {
  store: string;
  /** The further stores of a list, which have copies. */
  copies: string[];
  environment: string | undefined;
  database: string | undefined;
  /** The stack's own settings; undefined where a database or a store was named instead. */
  settings: Settings | undefined;
}

/** As in the guides. */
const guidesStore = "/tmp/mongodb-backups";

/** What was named, or else the stack's. */
export async function placeOf(options: BackupOptions): Promise<BackupPlace> {
  const [given, ...copies] = (options.store ?? []).map(storeAt);
  const environment = options.environment;
  if (namedUri(options) !== undefined) {
    const database = options.db ?? process.env.MONGODB_DB_NAME;
    return { store: given ?? guidesStore, copies, environment, database, settings: undefined };
  }
  if (given !== undefined && options.stack === localStackName && !existsSync(localPlaces().settings))
    return { store: given, copies, environment, database: options.db, settings: undefined };
  const settings =
    given === undefined
      ? await settingsWithStore(options.stack, options.configFile)
      : await settingsNamed({ stack: options.stack, configFile: options.configFile });
  const database = options.db ?? settings.database.name;
  const { backup } = settings;
  const stores =
    given === undefined ? { store: backup.store, copies: backup.copies } : { store: given, copies };
  return { ...stores, environment: environment ?? settings.environment, database, settings };
}

/** The archive that an action was given, in the first store that has it. */
export function archiveOf(
  options: BackupOptions,
  place: BackupPlace,
  terminal: Terminal,
): ReturnType<ReturnType<typeof engine>["resolveReference"]> {
  const warn = (message: string) => terminal.say(`! ${message}`);
  return engine().resolveReference({ ...place, reference: requiredId(options), warn });
}

/** The database itself. */
export async function addressOf(options: BackupOptions, place: BackupPlace): Promise<DatabaseAddress> {
  const uri = namedUri(options);
  if (uri === undefined && options.stack === localStackName) return there(await localDatabase(), "local");
  if (!place.database) throw usage(missingName);
  if (uri !== undefined) return namedAddress(uri, place.database);
  const settings =
    place.settings ?? (await settingsNamed({ stack: options.stack, configFile: options.configFile }));
  return there(await cloudAddress(options, settings, place.database), options.stack);
}

/** Another database of the same server; a local one's users are for the stack's own, so its administrator works there. */
export function elsewhere(at: DatabaseAddress, name: string | undefined): DatabaseAddress {
  if (name === undefined || name === at.name) return at;
  return { ...at, name, credentials: at.credentials === "local" ? "local-admin" : at.credentials };
}

/** A folder that somebody typed is where they are; that of a setting is below `.dnd/`. */
export function storeAt(place: string): string {
  return /^[a-z0-9]+:\/\//i.test(place) ? place : resolve(place);
}

function there(address: DatabaseAddress | null, stack: string): DatabaseAddress {
  if (address) return address;
  throw new OperatorError({
    code: "backup-no-database",
    kind: "refused",
    message: `the ${stack} stack has no database yet`,
    remedy: `${stack === localStackName ? "`npm start`" : `\`dnd up --stack ${stack}\``} brings it; or name another one with --uri and --db.`,
  });
}
