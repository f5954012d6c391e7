import { randomBytes } from "node:crypto";
import { writeAtomically } from "../../drivers/files";
import { localCredentialsFile, readLocalCredentials, type LocalCredentials } from "../../drivers/mongo";
import { credentialsLost } from "./errors";
import { hasData } from "./room";

/** The logins of the local server, made once and written before any user is, so that a kill in between leaves a way on. */
export async function ensureCredentials(folder: string): Promise<LocalCredentials> {
  const known = await readLocalCredentials(folder);
  if (known) return known;
  if (await hasData(folder)) throw credentialsLost(folder);
  const login = (user: string) => ({ user, password: randomBytes(24).toString("base64url") });
  const made: LocalCredentials = {
    version: 1,
    admin: login("admin"),
    app: login("app"),
    migration: login("migration"),
    backup: login("backup"),
  };
  await writeAtomically(localCredentialsFile(folder), JSON.stringify(made), { mode: 0o600, fsync: true });
  return made;
}
