import type { FlyWay } from "../outpost";

/**
 * What identifies a database, without any secret: it may stand in inputs and state.
 * The passwords are looked up where `credentials` says, at the moment of connecting.
 */
export interface DatabaseAddress {
  /** e.g. mongodb://127.0.0.1:27117/?replicaSet=rs0, never with a user or password. */
  uri: string;
  /** The application's database; operations keep theirs in `<name>_ops`. */
  name: string;
  /**
   * "local": `credentials.json` in its folder in `.dnd/`; "local-admin": there too, the administrator, for a database that the
   * other users are not for; "environment": `MONGODB_URI`, which then holds the full address; "stack-key": worked out of the stack's key;
   * "none": a server without authentication, as tests have it.
   */
  credentials: "local" | "local-admin" | "environment" | "stack-key" | "none";
  /** Of a local server, its folder in `.dnd/`; "mongo" where it is not said. */
  folder?: string;
  /** Of a database to which this machine may not come: who goes there for it. */
  through?: FlyWay;
}

/** The same users with the same roles exist locally and in Atlas. */
export type DatabaseRole = "app" | "migration" | "backup";

/** The operations' own database beside the application's. */
export function opsDatabaseName(name: string): string {
  return `${name}_ops`;
}
