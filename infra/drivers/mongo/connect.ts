import { MongoClient, MongoServerError, type MongoClientOptions } from "mongodb";
import { OperatorError, Secret, messageOf } from "../../support";
import type { DatabaseAddress, DatabaseRole } from "./contract";
import { localPassword, passwordsLost } from "./credentials";

export interface ConnectOptions {
  signal?: AbortSignal;
  appName?: string;
  /** How long to look for a primary; 5 seconds unless said otherwise. */
  timeoutMs?: number;
}

const defaultTimeoutMs = 5000;
const authenticationFailed = 18;

/** The whole connection string of a role, with its password. */
export async function connectionString(address: DatabaseAddress, role: DatabaseRole): Promise<Secret> {
  if (address.credentials === "none") return new Secret(address.uri);
  if (address.credentials === "environment") {
    const uri = process.env.MONGODB_URI;
    if (!uri) throw noAddressInEnvironment();
    return new Secret(uri);
  }
  const password = await localPassword(role);
  if (!password) throw passwordsLost();
  const uri = new URL(address.uri);
  uri.username = role;
  uri.password = password.reveal();
  uri.searchParams.set("authSource", "admin");
  return new Secret(uri.toString());
}

/** Connects as a role and has seen the primary when it returns; the caller closes. */
export async function connect(
  address: DatabaseAddress,
  role: DatabaseRole,
  options: ConnectOptions = {},
): Promise<MongoClient> {
  const uri = await connectionString(address, role);
  return open(
    uri.reveal(),
    address.uri,
    {
      serverSelectionTimeoutMS: options.timeoutMs ?? defaultTimeoutMs,
      connectTimeoutMS: options.timeoutMs ?? defaultTimeoutMs,
      appName: options.appName ?? `dnd ${role}`,
    },
    options.signal,
  );
}

/** Opens a client; `shown` is what errors say of the address. */
export async function open(
  uri: string,
  shown: string,
  options: MongoClientOptions,
  signal?: AbortSignal,
): Promise<MongoClient> {
  const client = new MongoClient(uri, options);
  const giveUp = () => void client.close(true);
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    signal?.throwIfAborted();
    return await client.connect();
  } catch (error) {
    await client.close(true).catch(() => undefined);
    signal?.throwIfAborted();
    throw explained(error, shown);
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

function explained(error: unknown, shown: string): OperatorError {
  if (error instanceof MongoServerError && error.code === authenticationFailed) {
    return new OperatorError({
      code: "database-refused-login",
      message: `the database at ${shown} refused the login`,
      remedy: "Look at the user and password that the stack or MONGODB_URI names.",
      cause: error,
    });
  }
  return new OperatorError({
    code: "database-unreachable",
    message: `the database at ${shown} cannot be reached: ${messageOf(error)}`,
    remedy: "`dnd doctor` shows whether it runs; `dnd up` starts the local one.",
    cause: error,
  });
}

function noAddressInEnvironment(): OperatorError {
  return new OperatorError({
    code: "mongodb-uri-missing",
    kind: "usage",
    message: "MONGODB_URI is not set, and the stack takes the database's address from it",
    remedy: "Set MONGODB_URI to the full connection string.",
  });
}
