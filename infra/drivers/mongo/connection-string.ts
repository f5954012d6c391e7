import { Secret, localFolder } from "../../support";
import type { DatabaseAddress, DatabaseRole } from "./contract";
import { credentialsMissing, uriMissing } from "./errors";
import { loginOf, stackKey, withStackLogin } from "./stack-key";
import { localCredentialsFile, readLocalCredentials, type LocalCredentials } from "./local-credentials";

/** The full address for a role, with user and password where the server asks for them. */
export async function connectionString(address: DatabaseAddress, role: DatabaseRole): Promise<Secret> {
  switch (address.credentials) {
    case "none":
      return new Secret(address.uri);
    case "environment":
      if (!process.env.MONGODB_URI) throw uriMissing(address);
      return new Secret(process.env.MONGODB_URI);
    case "stack-key":
      return withStackLogin(address.uri, loginOf(role, stackKey()), address.name);
    case "local":
    case "local-admin":
      return localConnectionString(address, role);
  }
}

/** The same as it was before a stack's users were rotated; undefined where they never were. */
export function formerConnectionString(address: DatabaseAddress, role: DatabaseRole): Secret | undefined {
  if (address.credentials !== "stack-key") return undefined;
  const key = stackKey();
  if (key.rotation < 2) return undefined;
  return withStackLogin(address.uri, loginOf(role, key, key.rotation - 1), address.name);
}

async function localConnectionString(address: DatabaseAddress, role: DatabaseRole): Promise<Secret> {
  const folder = localFolder(address.folder ?? "mongo");
  const credentials = await readLocalCredentials(folder);
  if (!credentials) throw credentialsMissing(localCredentialsFile(folder));
  const login = credentials[address.credentials === "local-admin" ? "admin" : role];
  return withLogin(address.uri, login, address.name);
}

/** An address of one host with a login of its `admin` database, and the database that it opens. */
export function withLogin(uri: string, login: LocalCredentials["app"], database: string): Secret {
  const full = new URL(uri);
  full.username = encodeURIComponent(login.user);
  full.password = encodeURIComponent(login.password);
  full.pathname = `/${database}`;
  full.searchParams.set("authSource", "admin");
  return new Secret(full.href);
}
