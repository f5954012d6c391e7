import type { DatabaseRole, Login, StackKey } from "../drivers/mongo";
import { Secret } from "../support";
import { useFlyOutposts } from "./outposts";

export type { DatabaseRole, StackKey } from "../drivers/mongo";

/** A stack's configuration as the dynamic host hands it over. */
export interface StackConfig {
  get(key: string): string | undefined;
}

interface DatabaseSettings {
  kind?: string;
  key?: string;
  previousKey?: string;
  rotation?: number;
  reach?: string;
}

// The driver is loaded by those alone whose database has users of the stack's own.
const driver = () => require("../drivers/mongo") as typeof import("../drivers/mongo");

/** Makes the key of a stack's own database users known to this process, where the stack has one. */
export function tellStackKey(config: StackConfig): void {
  const text = config.get("database");
  if (text === undefined) return;
  const { kind, previousKey, rotation = 1, reach, ...given } = JSON.parse(text) as DatabaseSettings;
  if (kind === "atlas" && reach === "fly") reachOverFly();
  const key = process.env.DND_DATABASE_KEY || given.key;
  if (kind !== "atlas" || !key) return;
  const former = previousKey ? new Secret(previousKey) : undefined;
  useStackKey({ key: new Secret(key), previousKey: former, rotation });
}

/** The process of the resources ends when it is told to, and keeps what was dear to make. */
function reachOverFly(): void {
  useFlyOutposts();
  driver().keepConnections();
}

/** Makes it known to the process of the program. */
export function useStackKey(key: StackKey): void {
  driver().useStackKey(key);
}

/** Who a role is in one rotation of a stack's users. */
export function loginOf(role: DatabaseRole, key: StackKey, rotation: number): Login {
  return driver().loginOf(role, key, rotation);
}

/** The full address that the app opens a database by. */
export function appUriAt(uri: string, key: StackKey, database: string): Secret {
  return uriAt("app", uri, key, database);
}

/** The full address that a role opens a database by. */
export function uriAt(role: DatabaseRole, uri: string, key: StackKey, database: string): Secret {
  const { loginOf: login, withStackLogin } = driver();
  return withStackLogin(uri, login(role, key), database);
}
