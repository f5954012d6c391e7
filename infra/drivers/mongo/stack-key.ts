import { createHmac } from "node:crypto";
import { Secret } from "../../support";
import type { DatabaseRole } from "./contract";
import { stackKeyMissing } from "./errors";

/** What the logins of a stack's own cluster are worked out from, so that no password is kept anywhere. */
export interface StackKey {
  key: Secret;
  /** Of the rotation before, where the key was another one then. */
  previousKey?: Secret | undefined;
  /** Raised by one, every role gets another user with another password; the users before stay until the next time. */
  rotation: number;
}

export interface Login {
  user: string;
  password: string;
}

let known: StackKey | undefined;

/** Makes a stack's key known to this process, where connections look for it. */
export function useStackKey(key: StackKey): void {
  known = key;
}

/** The stack's key as this process was told. */
export function stackKey(): StackKey {
  if (!known) throw stackKeyMissing();
  return known;
}

/** The same, where it was told any. */
export function knownStackKey(): StackKey | undefined {
  return known;
}

/** Who a role is in one rotation, and the password that goes with it. */
export function loginOf(role: DatabaseRole, stack: StackKey, rotation = stack.rotation): Login {
  const user = `dnd-${role}-${rotation}`;
  const key = rotation < stack.rotation ? (stack.previousKey ?? stack.key) : stack.key;
  const password = createHmac("sha256", key.reveal()).update(`login ${user}`).digest("base64url");
  return { user, password };
}

/** An address of one host or several, or of a name that stands for them, with a login of its `admin` database. */
export function withStackLogin(uri: string, { user, password }: Login, database: string): Secret {
  const [, scheme, hosts, query = ""] =
    /^(mongodb(?:\+srv)?:\/\/)([^/?]+)\/?[^?]*(?:\?(.*))?$/.exec(uri) ?? [];
  const asked = new URLSearchParams(query);
  asked.set("authSource", "admin");
  return new Secret(`${scheme}${user}:${password}@${hosts}/${database}?${asked.toString()}`);
}
