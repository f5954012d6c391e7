import { localCredentialsFile } from "../../drivers/mongo";
import { OperatorError, formatSize, messageOf } from "../../support";

const anew = "`npm stop -- --purge` removes the data, and `npm start` begins anew";

export function instanceUnreadable(path: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: "mongo-instance-unreadable",
    message: `what is known of the local database cannot be read: ${messageOf(cause).split("\n")[0] ?? ""}`,
    remedy: `Remove ${path} and run the command again: it is made from what is there, and no data is lost.`,
    cause,
  });
}

/** There is a database but its users have other passwords than the file says. */
export function credentialsForeign(folder: string): OperatorError {
  return new OperatorError({
    code: "mongo-credentials-foreign",
    message: `${localCredentialsFile(folder)} does not fit the database beside it`,
    remedy: `Put the file back from a copy; or ${anew}.`,
  });
}

export function credentialsLost(folder: string): OperatorError {
  return new OperatorError({
    code: "mongo-credentials-lost",
    message: `there is a database in ${folder}, and ${localCredentialsFile(folder)} with its passwords is gone`,
    remedy: `Put the file back from a copy; or ${anew}.`,
  });
}

export function portTaken(port: number): OperatorError {
  return new OperatorError({
    code: "mongod-port-taken",
    message: `the local database wants port ${port}, and something else listens there`,
    remedy:
      "End what listens there, set database.port to another one, or leave it out to have a free one chosen.",
  });
}

export function dataInUse(data: string, pid: number): OperatorError {
  return new OperatorError({
    code: "mongod-data-in-use",
    message: `process ${pid} is a mongod of somebody else's that works on ${data}`,
    remedy: "End it (by its own shutdown, not by a kill) and run the command again.",
  });
}

export function diskFull(folder: string, free: number, needed: number): OperatorError {
  return new OperatorError({
    code: "mongo-disk-full",
    message: `${folder} has ${formatSize(free)} of room left; the local database needs ${formatSize(needed)}`,
    remedy: "Make room on that disk and run the command again. Nothing was changed.",
  });
}

export function noAccess(folder: string, error: NodeJS.ErrnoException): OperatorError {
  return new OperatorError({
    code: error.code === "ENOSPC" ? "mongo-disk-full" : "mongo-no-permission",
    message: `${folder} cannot be written: ${error.message}`,
    remedy: "Give yourself the right to the folder (or make room on its disk) and run the command again.",
    cause: error,
  });
}
