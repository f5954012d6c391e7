import * as atlas from "./atlas";
import * as pulumi from "@pulumi/pulumi";
import { loginOf, type DatabaseRole, type StackKey } from "../infra/resources";
import { figuresWriter } from "./atlas-roles";

export interface AtlasUsersArgs {
  projectId: pulumi.Input<string>;
  /** The only cluster that they may use. */
  cluster: pulumi.Input<string>;
  /** The application's database; operations keep theirs in `<name>_ops`. */
  database: string;
  key: StackKey;
}

interface Grant {
  databaseName: string;
  roleName: pulumi.Input<string>;
}

/** Each may do what its work needs and no more; `figures` is the role that writes those. */
const grants: Record<
  DatabaseRole,
  (database: string, ops: string, figures: pulumi.Input<string>) => Grant[]
> = {
  app: (database, ops, figures) => [
    ...on(database, "readWrite"),
    ...on(ops, "read"),
    ...on("admin", figures),
  ],
  migration: (database, ops) => [...on(database, "readWrite", "dbAdmin"), ...on(ops, "readWrite", "dbAdmin")],
  // The monitor has this login, and asks the server for its connections and the lag of its members: of the roles that
  // every tier has, this one is the smallest that may, and it changes nothing.
  backup: (database, ops) => [
    ...on(database, "read"),
    ...on(ops, "readWrite"),
    ...on("admin", "clusterMonitor"),
  ],
};

function on(databaseName: string, ...roles: pulumi.Input<string>[]): Grant[] {
  return roles.map((roleName) => ({ databaseName, roleName }));
}

/** The database's users of this rotation, and those of the one before: a moment in which neither works does not exist. */
export function atlasUsers(
  args: AtlasUsersArgs,
  options: pulumi.CustomResourceOptions,
): atlas.DatabaseUser[] {
  const { rotation } = args.key;
  const rotations = rotation > 1 ? [rotation - 1, rotation] : [rotation];
  const { projectId, database } = args;
  const figures = figuresWriter({ projectId, ops: opsOf(database) }, options).roleName;
  return (["app", "migration", "backup"] as const).flatMap((role) =>
    rotations.map((one) => userOf(role, one, { ...args, figures }, options)),
  );
}

function opsOf(database: string): string {
  return `${database}_ops`;
}

function userOf(
  role: DatabaseRole,
  rotation: number,
  { projectId, cluster, database, key, figures }: AtlasUsersArgs & { figures: pulumi.Input<string> },
  options: pulumi.CustomResourceOptions,
): atlas.DatabaseUser {
  const { user, password } = loginOf(role, key, rotation);
  return new atlas.DatabaseUser(
    user,
    {
      projectId,
      username: user,
      password: pulumi.secret(password),
      authDatabaseName: "admin",
      roles: grants[role](database, opsOf(database), figures),
      scopes: [{ name: cluster, type: "CLUSTER" }],
      description: `what ${role} of dnd-tracker logs in as`,
    },
    // Who is there may be in use: another key takes hold with the next rotation, of which the users are new.
    { ...options, ignoreChanges: ["password"] },
  );
}
