import { OperatorError, messageOf } from "../../support";

/** A store that cannot be written or read, told by what is wrong with it. */
export function storeFailure(location: string, cause: unknown): OperatorError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === "ENOSPC") {
    return new OperatorError({
      code: "store-full",
      message: `the store ${location} is full`,
      remedy: "Make room there (`dnd backup prune` removes old archives) and run the command again.",
      cause,
    });
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new OperatorError({
      code: "store-no-permission",
      message: `the store ${location} cannot be written: ${messageOf(cause)}`,
      remedy: "Give yourself the right to that folder, or set backup.store to another one.",
      cause,
    });
  }
  return new OperatorError({
    code: "store-failed",
    message: `the store ${location} failed: ${messageOf(cause)}`,
    remedy: "Look at the folder that backup.store names, then run the command again.",
    cause,
  });
}

export function unsupportedStore(location: string): OperatorError {
  return new OperatorError({
    code: "store-unsupported",
    kind: "usage",
    message: `archives cannot be kept at ${location} yet`,
    remedy: "Set backup.store to a folder.",
  });
}
