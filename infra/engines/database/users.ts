import type { Db, MongoClient } from "mongodb";
import { opsDatabaseName, type DatabaseRole, type LocalCredentials } from "../../drivers/mongo";

interface Grant {
  role: string;
  db: string;
}

export const userExists = 51003;
const roleExists = 51002;
const userNotFound = 11;
const roleNotFound = 31;

/** Reads users and roles, for archives that are to hold them, and nothing else of `admin`. */
const usersReader = "dndUsersReader";

/** Adds figures and resolves alerts in the operations' database, and changes nothing else there. */
const figuresWriter = "dndFiguresWriter";

/** The same three users with the same roles as in Atlas; each may do what its work needs and no more. */
const grants: Record<DatabaseRole, (database: string, ops: string) => Grant[]> = {
  app: (database, ops) => [...on(database, "readWrite"), ...on(ops, "read", figuresWriter)],
  migration: (database, ops) => [...on(database, "readWrite", "dbAdmin"), ...on(ops, "readWrite", "dbAdmin")],
  // The monitor has this login, and asks the server for its connections.
  backup: (database, ops) => [
    ...on(database, "read"),
    ...on(ops, "readWrite"),
    ...on("admin", usersReader, "clusterMonitor"),
  ],
};

function on(db: string, ...roles: string[]): Grant[] {
  return roles.map((role) => ({ role, db }));
}

/** The first user, made while the server still lets this machine in without one. */
export async function createAdmin(local: MongoClient, { admin }: LocalCredentials): Promise<void> {
  await local.db("admin").command({ createUser: admin.user, pwd: admin.password, roles: ["root"] });
}

/** An administrator beside the one that is there. */
export async function ensureAdmin(as: MongoClient, { admin }: LocalCredentials): Promise<void> {
  const roles = ["root"];
  const db = as.db("admin");
  await updatedOrCreated(
    () => db.command({ updateUser: admin.user, pwd: admin.password, roles }),
    () => db.command({ createUser: admin.user, pwd: admin.password, roles }),
  );
}

/** Users that may log in no more; one that is not there is gone already. */
export async function dropUsers(as: MongoClient, users: readonly string[]): Promise<void> {
  for (const user of users) await failsWith(() => as.db("admin").command({ dropUser: user }), userNotFound);
}

/** The users of the application's database, with today's passwords and roles. */
export async function ensureUsers(
  admin: MongoClient,
  database: string,
  credentials: LocalCredentials,
): Promise<void> {
  await ensureUsersReader(admin.db("admin"));
  await ensureFiguresWriter(admin.db(opsDatabaseName(database)));
  for (const role of ["app", "migration", "backup"] as const) {
    const { user, password } = credentials[role];
    await ensureUser(admin.db("admin"), user, password, grants[role](database, opsDatabaseName(database)));
  }
}

async function ensureUser(db: Db, user: string, pwd: string, roles: Grant[]): Promise<void> {
  await updatedOrCreated(
    () => db.command({ updateUser: user, pwd, roles }),
    () => db.command({ createUser: user, pwd, roles }),
  );
}

async function ensureUsersReader(db: Db): Promise<void> {
  const collections = ["system.users", "system.roles", "system.version"];
  const privileges = collections.map((collection) => ({
    resource: { db: "admin", collection },
    actions: ["find"],
  }));
  await ensureRole(db, usersReader, privileges);
}

async function ensureFiguresWriter(ops: Db): Promise<void> {
  const on = (collection: string, ...actions: string[]) => ({
    resource: { db: ops.databaseName, collection },
    actions,
  });
  await ensureRole(ops, figuresWriter, [
    on("metrics", "insert", "createCollection", "createIndex"),
    on("metric_hours", "insert", "update", "createIndex"),
    on("alerts", "update"),
  ]);
}

async function ensureRole(db: Db, role: string, privileges: object[]): Promise<void> {
  await updatedOrCreated(
    () => db.command({ updateRole: role, privileges, roles: [] }),
    () => db.command({ createRole: role, privileges, roles: [] }),
  );
}

/** Updates, or creates; updates again where the server has just finished what a killed start had asked for. */
async function updatedOrCreated(
  update: () => Promise<unknown>,
  create: () => Promise<unknown>,
): Promise<void> {
  const missing = await failsWith(update, userNotFound, roleNotFound);
  if (!missing) return;
  const thereByNow = await failsWith(create, userExists, roleExists);
  if (thereByNow) await update();
}

/** Whether it failed with one of these codes. */
async function failsWith(work: () => Promise<unknown>, ...codes: number[]): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (!codes.includes((error as { code?: number }).code ?? 0)) throw error;
    return true;
  }
}
