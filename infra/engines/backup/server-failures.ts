import { MongoServerError, MongoServerSelectionError } from "mongodb";
import { isBrokenConnection } from "../../drivers/mongo";
import { messageOf, OperatorError } from "../../support";
import { CollectionsChangedError } from "./errors";

const unauthorized = 13;
const snapshotTooOld = 239;
const snapshotUnavailable = 246;
/** A server that is no primary any more, or not yet; a cursor does not outlive it. */
const electing: readonly unknown[] = [43, 189, 10107, 11600, 11602, 13435, 13436];

/** The server's own word for a missing right. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === unauthorized;
}

/** What passes by itself: somebody changes collections at this moment, or the servers choose another primary. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof CollectionsChangedError ||
    (error instanceof MongoServerError &&
      (error.code === snapshotUnavailable || electing.includes(error.code)))
  );
}

/** A connection that broke, or servers of which some still answer and none is the primary: another one may soon be. */
export function isFailover(error: unknown): boolean {
  if (isBrokenConnection(error)) return true;
  if (!(error instanceof MongoServerSelectionError)) return false;
  return [...(error.reason?.servers.values() ?? [])].some(({ type }) => type !== "Unknown");
}

/** No server answers any more. */
function isLost(error: unknown): boolean {
  return isBrokenConnection(error) || error instanceof MongoServerSelectionError;
}

/** The server's history is shorter than the dump is long. */
export function isSnapshotLost(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === snapshotTooOld;
}

/** What the operator can mend of a failed restore; what it left is the journal's to say. */
export function restoreFailure(error: unknown, database: string): unknown {
  if (error instanceof OperatorError || !(isLost(error) || isPassing(error))) return error;
  return new OperatorError({
    code: "restore-database-lost",
    message: `the connection to ${database} broke while it was restored: ${messageOf(error)}`,
    remedy:
      "Look whether the database is well, then run the command again: it first completes or takes back what this run began. `dnd backup list` says what that is.",
    cause: error,
  });
}

/** What the operator can mend of a failed dump; anything else comes back as it was. */
export function dumpFailure(error: unknown, database: string): unknown {
  if (isLost(error)) {
    return new OperatorError({
      code: "backup-database-lost",
      message: `the connection to ${database} broke while it was read: ${messageOf(error)}`,
      remedy: "Nothing was kept. Look whether the database is well, then run the command again.",
      cause: error,
    });
  }
  if (!(error instanceof MongoServerError)) return error;
  if (isUnauthorized(error)) {
    const denied = /not authorized on (\S+) to execute command \{ \w+: "([^"]*)"/.exec(error.message);
    const ofAdmin = denied?.[1] === "admin";
    return new OperatorError({
      code: "backup-not-permitted",
      message: `the user for backups may not read ${denied ? `${denied[1]}.${denied[2]}` : `all of ${database}`}`,
      remedy: ofAdmin
        ? "Give it the role backup on admin, or leave out --users-and-roles."
        : `Give it the role read on ${database}, and for a time series the right to find in its collection system.buckets.<name>.`,
      cause: error,
    });
  }
  if (isSnapshotLost(error)) {
    return new OperatorError({
      code: "backup-snapshot-lost",
      message: `reading ${database} took longer than the server keeps its history`,
      remedy: "Raise the server's minSnapshotHistoryWindowInSeconds above the time that a backup takes.",
      cause: error,
    });
  }
  return error;
}
