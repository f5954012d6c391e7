import type { Db, MongoClient } from "mongodb";
import { opsDatabaseName, type DatabaseRole, type LocalCredentials } from "../../drivers/mongo";

interface Grant {
  role: string;
  db: string;
}

const userNotFound = 11;

/** The same three users with the same roles as in Atlas; each may do what its work needs and no more. */
const grants: Record<Exclude<DatabaseRole, "restore">, (database: string, ops: string) => Grant[]> = {
  app: (database, ops) => [...on(database, "readWrite"), ...on(ops, "read")],
  migration: (database, ops) => [...on(database, "readWrite", "dbAdmin"), ...on(ops, "readWrite", "dbAdmin")],
  backup: (database, ops) => [...on(database, "read"), ...on(ops, "readWrite")],
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
