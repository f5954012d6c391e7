import type { DatabaseAddress } from "../../infra/drivers/mongo";
import type { DatabaseOptions } from "../named-database";
import { redactText } from "./redact";

/** The database that keeps what was done; null where this command cannot reach it without further doing. */
export async function journalAddress(options: DatabaseOptions): Promise<DatabaseAddress | null> {
  const { namedUri, namedAddress, localDatabase } =
    require("../named-database") as typeof import("../named-database");
  const { localStackName } = require("../local-stack") as typeof import("../local-stack");
  const named = namedUri(options);
  const name = options.db ?? process.env.MONGODB_DB_NAME;
  if (named !== undefined) return name ? namedAddress(named, name) : null;
  if (options.stack === localStackName) return localDatabase();
  const { settingsOf } = require("../stack-settings") as typeof import("../stack-settings");
  const { cloudAddress, isEntered } = require("../cloud-address") as typeof import("../cloud-address");
  const settings = await settingsOf(options.stack);
  const { database } = settings;
  // Nobody is let through a cluster's access list, or sent there, only to say what was done.
  const closed = database.kind === "atlas" && database.reach !== "listed" && !isEntered();
  if (closed && !process.env.MONGODB_URI) return null;
  return cloudAddress(options, settings);
}

/** Whose journal an entry is for: the stack's, or that of a database that was named. */
export function journalName(options: DatabaseOptions): string {
  const { namedUri } = require("../named-database") as typeof import("../named-database");
  const uri = namedUri(options);
  return uri === undefined ? options.stack : redactText(`${uri} ${options.db ?? ""}`.trim());
}
