import type { Db, MongoClient } from "mongodb";
import { opsDatabaseName, type DatabaseRole, type LocalCredentials } from "../../drivers/mongo";

interface Grant {
  role: string;
  db: string;
}

const userNotFound = 11;
const roleNotFound = 31;

/** Reads users and roles, for archives that are to hold them, and nothing else of `admin`. */
const usersReader = "dndUsersReader";

/** The same three users with the same roles as in Atlas; each may do what its work needs and no more. */
const grants: Record<DatabaseRole, (database: string, ops: string) => Grant[]> = {
  app: (database, ops) => [...on(database, "readWrite"), ...on(ops, "read")],
  migration: (database, ops) => [...on(database, "readWrite", "dbAdmin"), ...on(ops, "readWrite", "dbAdmin")],
  backup: (database, ops) => [...on(database, "read"), ...on(ops, "readWrite"), ...on("admin", usersReader)],
};

function on(db: string, ...roles: string[]): Grant[] {
  return roles.map((role) => ({ role, db }));
}

/** The first user, made while the server still lets this machine in without one. */
export async function createAdmin(local: MongoClient, { admin }: LocalCredentials): Promise<void> {
  await local.db("admin").command({ createUser: admin.user, pwd: admin.password, roles: ["root"] });
}

/** The users of the application's database, with today's passwords and roles. */
export async function ensureUsers(
  admin: MongoClient,
  database: string,
  credentials: LocalCredentials,
): Promise<void> {
  await ensureUsersReader(admin.db("admin"));
  for (const role of ["app", "migration", "backup"] as const) {
    const { user, password } = credentials[role];
    await ensureUser(admin.db("admin"), user, password, grants[role](database, opsDatabaseName(database)));
  }
}

async function ensureUser(db: Db, user: string, pwd: string, roles: Grant[]): Promise<void> {
  try {
    await db.command({ updateUser: user, pwd, roles });
  } catch (error) {
    if ((error as { code?: unknown }).code !== userNotFound) throw error;
    await db.command({ createUser: user, pwd, roles });
  }
}

async function ensureUsersReader(db: Db): Promise<void> {
  const collections = ["system.users", "system.roles", "system.version"];
  const privileges = collections.map((collection) => ({
    resource: { db: "admin", collection },
    actions: ["find"],
  }));
  try {
    await db.command({ updateRole: usersReader, privileges, roles: [] });
  } catch (error) {
    if ((error as { code?: unknown }).code !== roleNotFound) throw error;
    await db.command({ createRole: usersReader, privileges, roles: [] });
  }
}
