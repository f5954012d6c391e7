import { OperatorError, messageOf } from "../../support";

/** Every way to a mongod was tried in vain. */
export class MongodMissingError extends OperatorError {
  constructor(readonly tried: readonly string[]) {
    super({
      code: "mongod-missing",
      message: ["no mongod can be had:", ...tried.map((line) => `  ${line}`)].join("\n"),
      remedy: "Install MongoDB 6.0 or later so that `mongod` is on PATH, or name one in DND_MONGOD.",
    });
  }
}

export function wrongExplicitBinary(path: string, why: string): OperatorError {
  return new OperatorError({
    code: "mongod-setting-wrong",
    kind: "usage",
    message: `DND_MONGOD names ${path}: ${why}`,
    remedy: "Correct DND_MONGOD, or unset it to have a mongod found or downloaded.",
  });
}

export function cacheUnusable(folder: string, cause: unknown): OperatorError {
  return new OperatorError({
    code: "mongod-cache-unusable",
    message: `a mongod would be fetched into ${folder}, which cannot be written: ${messageOf(cause)}`,
    remedy: "Give yourself the right to that folder, or name another one in DND_CACHE.",
    cause,
  });
}
