import { OperatorError, messageOf } from "../../support";

/** A store that cannot be written or read, told by what is wrong with it. */
export function storeFailure(location: string, cause: unknown): OperatorError {
  switch ((cause as NodeJS.ErrnoException).code) {
    case "ENOSPC":
    case "EDQUOT":
      return new OperatorError({
        code: "store-full",
        message: `the store ${location} is full`,
        remedy: "Make room there, or set backup.store to another folder, and run the command again.",
        cause,
      });
    case "EFBIG":
      return new OperatorError({
        code: "store-file-too-large",
        message: `the store ${location} takes no file as large as this archive`,
        remedy:
          "Raise the limit for files (`ulimit -f`), or set backup.store to a file system without one, and run the command again.",
        cause,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new OperatorError({
        code: "store-no-permission",
        message: `the store ${location} may not be used: ${messageOf(cause)}`,
        remedy: "Give yourself the right to that folder, or set backup.store to another one.",
        cause,
      });
    default:
      return new OperatorError({
        code: "store-failed",
        message: `the store ${location} failed: ${messageOf(cause)}`,
        remedy: "Look at the folder that backup.store names, then run the command again.",
        cause,
      });
  }
}

export function objectLocked(location: string, name: string, by: string): OperatorError {
  return new OperatorError({
    code: "store-object-locked",
    kind: "refused",
    message: `${name} in ${location} stands under ${by} and was not deleted`,
    remedy: "Wait for that date, or have the lock lifted by who may; nothing else was changed.",
  });
}

export function objectExists(location: string, name: string): OperatorError {
  return new OperatorError({
    code: "store-object-exists",
    kind: "refused",
    message: `${name} is in the store ${location} already, and is written once`,
    remedy: "Somebody else wrote it: run the command again, which takes another name.",
  });
}

export function objectMissing(location: string, name: string): OperatorError {
  return new OperatorError({
    code: "store-object-missing",
    message: `there is no ${name} in the store ${location}`,
    remedy: "Somebody removed it: use another archive, or take a new one.",
  });
}

export function storeUnsupported(location: string): OperatorError {
  return new OperatorError({
    code: "store-unsupported",
    kind: "usage",
    message: `archives cannot be kept at ${location}: only folders and s3:// are known`,
    remedy: "Set backup.store to a folder, or to s3://bucket/prefix.",
  });
}
