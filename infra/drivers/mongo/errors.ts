import { MongoError, MongoNetworkError, MongoServerSelectionError } from "mongodb";
import { OperatorError, messageOf } from "../../support";
import type { DatabaseAddress, DatabaseRole } from "./contract";

// 18 is MongoDB's "authentication failed", 8000 what Atlas says instead.
const refusedCodes: readonly unknown[] = [18, 8000];
const refusedLoginCode = "database-refused-login";

/** Whether a connection broke; just as a server goes, the driver hands on what the socket says in place of an error of its own. */
export function isBrokenConnection(error: unknown): error is Error {
  if (error instanceof MongoNetworkError) return true;
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === "EPIPE" || code === "ECONNRESET";
}

/** What the operator can mend of a failed connection; anything else comes back as it was. */
export function connectionFailure(error: unknown, address: DatabaseAddress, role: DatabaseRole): unknown {
  if (error instanceof MongoServerSelectionError || isBrokenConnection(error))
    return unreachable(address, error);
  if (error instanceof MongoError && refusedCodes.includes(error.code))
    return refusedLogin(address, role, error);
  return error;
}

function unreachable({ uri, credentials }: DatabaseAddress, cause: Error): OperatorError {
  return new OperatorError({
    code: "database-unreachable",
    message: `the database at ${uri} does not answer: ${cause.message}`,
    remedy: credentials.startsWith("local")
      ? "Start it with `npm start`; its log is mongo/mongod.log in the local stack's folder."
      : "Check the address, the access list and the network, then run the command again.",
    cause,
  });
}

/** Whether a failed connection was one of a user that the server does not know, or not by this password. */
export function refusesLogin(error: unknown): boolean {
  return error instanceof OperatorError && error.code === refusedLoginCode;
}

const localRemedy =
  "mongo/credentials.json in the local stack's folder is not of this data: put back the one that is.";

/** Where the login that was refused stands. */
const refusedLoginRemedies: Record<DatabaseAddress["credentials"], string> = {
  local: localRemedy,
  "local-admin": localRemedy,
  environment: "Set MONGODB_URI to the address with the user and the password of today.",
  "stack-key":
    "Use the key that the stack's users were made by: database.key of its settings, or DND_DATABASE_KEY.",
  none: "That server wants a login: name it with MONGODB_URI, user and password in it.",
};

function refusedLogin(
  { uri, credentials }: DatabaseAddress,
  role: DatabaseRole,
  cause: Error,
): OperatorError {
  return new OperatorError({
    code: refusedLoginCode,
    message: `the database at ${uri} refused the user for ${role}: ${cause.message}`,
    remedy: refusedLoginRemedies[credentials],
    cause,
  });
}

/** Carries no cause: that one could show the whole address with its password. */
export function uriInvalid(error: unknown, { uri, credentials }: DatabaseAddress): OperatorError {
  const which = credentials === "environment" ? "MONGODB_URI" : uri;
  return new OperatorError({
    code: "database-uri-invalid",
    message: `${which} is no address of a MongoDB: ${messageOf(error)}`,
    remedy: "It has the form mongodb://host:port/ or mongodb+srv://host/.",
    kind: "usage",
  });
}

export function uriMissing({ uri }: DatabaseAddress): OperatorError {
  return new OperatorError({
    code: "database-uri-missing",
    message: `MONGODB_URI is not set: without it nobody may log in at ${uri}`,
    remedy: "Set MONGODB_URI to the full connection string, with user and password.",
    kind: "usage",
  });
}

export function stackKeyMissing(): OperatorError {
  return new OperatorError({
    code: "database-key-missing",
    message: "the key that the database's passwords are worked out from is not known",
    remedy:
      'Set it once with `pulumi config set --secret --path dnd-tracker:database.key "$(openssl rand -hex 32)"`, or give it as DND_DATABASE_KEY.',
    kind: "usage",
  });
}

export function credentialsMissing(path: string): OperatorError {
  return new OperatorError({
    code: "database-credentials-missing",
    message: `there is no ${path}, which holds the passwords of the local database`,
    remedy: "`npm start` makes it with a new database; for data that is there already put back its file.",
  });
}

export function credentialsUnreadable(path: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: "database-credentials-unreadable",
    message: `the passwords of the local database cannot be read: ${messageOf(cause).split("\n")[0]}`,
    remedy: `Put back a copy of ${path}. Without one, \`npm stop -- --purge\` removes the database, and \`npm start\` begins anew.`,
    cause,
  });
}
