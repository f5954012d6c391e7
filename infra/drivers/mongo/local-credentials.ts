import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../files";
import { credentialsUnreadable } from "./errors";

const login = z.object({ user: z.string().min(1), password: z.string().min(1) });
const localCredentials = z.object({
  version: z.literal(1),
  /** Makes the other users and looks after the server; no command works as it. */
  admin: login,
  app: login,
  migration: login,
  backup: login,
});

/** The logins of a local server; they exist in its folder alone, in a file that only its owner reads. */
export type LocalCredentials = z.infer<typeof localCredentials>;

/** Where a local server's folder keeps its logins. */
export function localCredentialsFile(folder: string): string {
  return join(folder, "credentials.json");
}

/** The logins of the local server in a folder; undefined when it has none. */
export async function readLocalCredentials(folder: string): Promise<LocalCredentials | undefined> {
  const path = localCredentialsFile(folder);
  try {
    return await readJson(path, localCredentials);
  } catch (error) {
    throw credentialsUnreadable(path, error);
  }
}
