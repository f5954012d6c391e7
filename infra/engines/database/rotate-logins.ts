import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { z } from "zod";
import { readJson, writeAtomically } from "../../drivers/files";
import {
  localCredentialsFile,
  localCredentialsSchema,
  readLocalCredentials,
  withLogin,
  type DatabaseAddress,
  type LocalCredentials,
} from "../../drivers/mongo";
import { credentialsForeign } from "./errors";
import { dropUsers, ensureAdmin, ensureUsers } from "./users";

export interface LoginRotation {
  /** The folder of the server. */
  folder: string;
  address: DatabaseAddress;
}

const roles = ["admin", "app", "migration", "backup"] as const;
const formerSchema = z.object({ version: z.literal(1), users: z.array(z.string()) });

/** The users that still work beside today's; none where no rotation is open. */
export async function formerUsers(folder: string): Promise<string[]> {
  return (await readJson(formerFile(folder), formerSchema))?.users ?? [];
}

/** New users with new passwords, proven and in use from now on; those of before work until `endLoginRotation`. */
export async function beginLoginRotation({ folder, address }: LoginRotation): Promise<void> {
  const today = await credentialsIn(folder);
  const begun = await readJson(nextFile(folder), localCredentialsSchema());
  if (!begun && (await formerUsers(folder)).length > 0) return;
  const next = begun ?? nextOf(today);
  await writeAtomically(nextFile(folder), JSON.stringify(next), { mode: 0o600, fsync: true });
  if (next.app.user !== today.app.user) {
    await asUser(address, today, "admin", async (admin) => {
      await ensureAdmin(admin, next);
      await ensureUsers(admin, address.name, next);
    });
    for (const role of roles)
      await asUser(address, next, role, (client) => client.db("admin").command({ ping: 1 }));
    const former = { version: 1, users: roles.map((role) => today[role].user) };
    await writeAtomically(formerFile(folder), JSON.stringify(former), { mode: 0o600, fsync: true });
    await writeAtomically(localCredentialsFile(folder), JSON.stringify(next), { mode: 0o600, fsync: true });
  }
  await rm(nextFile(folder), { force: true });
}

/** Gives up the users of before: whoever still logs in as one of them can do so no more. */
export async function endLoginRotation({ folder, address }: LoginRotation): Promise<string[]> {
  const former = await formerUsers(folder);
  const today = await credentialsIn(folder);
  const own = new Set(roles.map((role) => today[role].user));
  const gone = former.filter((user) => !own.has(user));
  await asUser(address, today, "admin", (admin) => dropUsers(admin, gone));
  await rm(formerFile(folder), { force: true });
  return gone;
}

function nextFile(folder: string): string {
  return join(folder, "credentials.next.json");
}

function formerFile(folder: string): string {
  return join(folder, "credentials.former.json");
}

async function credentialsIn(folder: string): Promise<LocalCredentials> {
  const found = await readLocalCredentials(folder);
  if (!found) throw credentialsForeign(folder);
  return found;
}

/** Users are told apart by the number of their rotation: `app`, `app-2`, `app-3`. */
function nextOf({ app }: LocalCredentials): LocalCredentials {
  const number = Number(/-(\d+)$/.exec(app.user)?.[1] ?? 1) + 1;
  const login = (role: string) => ({
    user: `${role}-${number}`,
    password: randomBytes(24).toString("base64url"),
  });
  return {
    version: 1,
    admin: login("admin"),
    app: login("app"),
    migration: login("migration"),
    backup: login("backup"),
  };
}

async function asUser(
  { uri, name }: DatabaseAddress,
  credentials: LocalCredentials,
  role: (typeof roles)[number],
  work: (client: MongoClient) => Promise<unknown>,
): Promise<void> {
  const client = new MongoClient(withLogin(uri, credentials[role], name).reveal(), {
    serverSelectionTimeoutMS: 5000,
    appName: "dnd-rotation",
  });
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.close();
  }
}
