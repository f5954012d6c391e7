import { join } from "node:path";
import type { ZodType } from "zod";
import { credentialsUnreadable } from "./errors";

/** The logins of a local server; they exist in its folder alone, in a file that only its owner reads. */
export interface LocalCredentials {
  version: 1;
  /** Makes the other users and looks after the server; of all commands only a restore into another database works as it. */
  admin: Login;
  app: Login;
  migration: Login;
  backup: Login;
}

interface Login {
  user: string;
  password: string;
}

/** Where a local server's folder keeps its logins. */
export function localCredentialsFile(folder: string): string {
  return join(folder, "credentials.json");
}

/** The logins of the local server in a folder; undefined when it has none. */
export async function readLocalCredentials(folder: string): Promise<LocalCredentials | undefined> {
  const path = localCredentialsFile(folder);
  // Whoever connects elsewhere does without the schema and what it takes to load.
  const { readJson } = require("../files") as typeof import("../files");
  const { localCredentials } =
    require("./local-credentials-schema") as typeof import("./local-credentials-schema");
  try {
    return await readJson(path, localCredentials);
  } catch (error) {
    throw credentialsUnreadable(path, error);
  }
}

/** What such a file holds, for whoever keeps a second one beside it. */
export function localCredentialsSchema(): ZodType<LocalCredentials> {
  return (require("./local-credentials-schema") as typeof import("./local-credentials-schema"))
    .localCredentials;
}
