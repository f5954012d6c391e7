import { randomBytes } from "node:crypto";
import { writeAtomically } from "../../drivers/files";
import { localCredentialsFile, readLocalCredentials, type LocalCredentials } from "../../drivers/mongo";
import { OperatorError } from "../../support";

/** The logins of the local server, made once and written before any user is, so that a kill in between leaves a way on. */
export async function ensureCredentials(folder: string): Promise<LocalCredentials> {
  const known = await readLocalCredentials(folder);
  if (known) return known;
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

/** There is a database but its users have other passwords than the file says. */
export function credentialsForeign(folder: string): OperatorError {
  return new OperatorError({
    code: "mongo-credentials-foreign",
    message: `${localCredentialsFile(folder)} does not fit the database beside it`,
    remedy: "Put the file back from a copy, or remove the local data with `npm stop -- --purge --yes`.",
  });
}
