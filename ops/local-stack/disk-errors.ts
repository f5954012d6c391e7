import { OperatorError } from "../../infra/support";

/** Runs work on the files of the local stack and turns what a disk can refuse into words with a remedy. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(path, error) ?? error;
  }
}

function explained(path: string, error: unknown): OperatorError | undefined {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new OperatorError({
        code: "local-folder-forbidden",
        message: `no permission to write ${path}`,
        remedy: "Make it yours (`ls -ld` shows whose it is), or set DND_DIR to a folder that is.",
        cause: error,
      });
    case "ENOSPC":
    case "EDQUOT":
      return new OperatorError({
        code: "local-disk-full",
        message: `the disk is full: ${path} could not be written`,
        remedy:
          "Free some space (a local stack needs about 1 GB), then run the command again. Nothing was lost.",
        cause: error,
      });
    case "ENOTDIR":
    case "EEXIST":
      return new OperatorError({
        code: "local-folder-is-file",
        message: `${path} is a file where a folder is expected`,
        remedy: "Move that file away, then run the command again.",
        cause: error,
      });
    default:
      return undefined;
  }
}
