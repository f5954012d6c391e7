import * as atlas from "@pulumi/mongodbatlas";
import * as pulumi from "@pulumi/pulumi";
import { loginOf, type DatabaseRole, type StackKey } from "../infra/resources";

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
  roleName: string;
  /** The whole database where there is none. */
  collectionName?: string;
}

/** What the app writes of the operations' database: its figures, and that an alert is resolved. */
const written = ["metrics", "metric_hours", "alerts"];

/** Each may do what its work needs and no more. */
const grants: Record<DatabaseRole, (database: string, ops: string) => Grant[]> = {
  app: (database, ops) => [
    ...on(database, "readWrite"),
    ...on(ops, "read"),
    ...written.map((collectionName) => ({ databaseName: ops, roleName: "readWrite", collectionName })),
  ],
  migration: (database, ops) => [...on(database, "readWrite", "dbAdmin"), ...on(ops, "readWrite", "dbAdmin")],
  // The monitor has this login, and asks the server for its connections.
  backup: (database, ops) => [
    ...on(database, "read"),
    ...on(ops, "readWrite"),
    ...on("admin", "clusterMonitor"),
  ],
};

function on(databaseName: string, ...roles: string[]): Grant[] {
  return roles.map((roleName) => ({ databaseName, roleName }));
}

/** The database's users of this rotation, and those of the one before: a moment in which neither works does not exist. */
export function atlasUsers(
  args: AtlasUsersArgs,
  options: pulumi.CustomResourceOptions,
): atlas.DatabaseUser[] {
  const { rotation } = args.key;
  const rotations = rotation > 1 ? [rotation - 1, rotation] : [rotation];
  return (["app", "migration", "backup"] as const).flatMap((role) =>
    rotations.map((one) => userOf(role, one, args, options)),
  );
}

function userOf(
  role: DatabaseRole,
  rotation: number,
  { projectId, cluster, database, key }: AtlasUsersArgs,
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
      roles: grants[role](database, `${database}_ops`),
      scopes: [{ name: cluster, type: "CLUSTER" }],
      description: `what ${role} of dnd-tracker logs in as`,
    },
    options,
  );
}
