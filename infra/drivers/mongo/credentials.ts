import { randomBytes } from "node:crypto";
import { z } from "zod";
import { OperatorError, Secret, localFolder } from "../../support";
import { readJson, writeAtomically } from "../files";
import type { DatabaseRole } from "./contract";

/** The local server has one user more than Atlas shows: the one that makes the others. */
export type LocalUser = DatabaseRole | "admin";

const users = ["admin", "app", "migration", "backup"] as const satisfies readonly LocalUser[];
const schema = z.object({
  documentVersion: z.literal(1),
  users: z.object({ admin: z.string(), app: z.string(), migration: z.string(), backup: z.string() }),
});

function file(): string {
  return localFolder("mongo", "credentials.json");
}

/** The password of a user of the local server; undefined before there are any. */
export async function localPassword(user: LocalUser): Promise<Secret | undefined> {
  const credentials = await readJson(file(), schema);
  return credentials && new Secret(credentials.users[user]);
}

/** Makes the passwords once; written before any user is made, so that a kill in between leaves a way on. */
export async function ensureLocalPasswords(): Promise<void> {
  if (await readJson(file(), schema)) return;
  const passwords = Object.fromEntries(users.map((user) => [user, randomBytes(24).toString("base64url")]));
  await writeAtomically(file(), JSON.stringify({ documentVersion: 1, users: passwords }), {
    mode: 0o600,
    fsync: true,
  });
}

/** There is a database but nobody knows its passwords. */
export function passwordsLost(): OperatorError {
  return new OperatorError({
    code: "mongo-passwords-lost",
    message: `${file()} is missing or does not fit the database beside it`,
    remedy: "Put the file back from a copy, or remove the local data with `npm stop -- --purge --yes`.",
  });
}
