import { OperatorError, messageOf } from "../../support";
import { ArchiveDamage, formatVersion, NewerFormat } from "./archive";

export class ArchiveMissingError extends OperatorError {
  constructor(id: string, store: string) {
    super({
      code: "archive-missing",
      message: `there is no archive ${id} in ${store}`,
      remedy: "Look at what the store holds; the next release takes a new one.",
    });
  }
}

export class ArchiveDamagedError extends OperatorError {
  constructor(
    readonly archive: string,
    readonly what: string,
    cause?: unknown,
  ) {
    super({
      code: "archive-damaged",
      message: `the archive ${archive} is damaged: ${what}`,
      remedy: "Use another archive; nothing was changed.",
      kind: "refused",
      cause,
    });
  }
}

export class ArchiveNewerError extends OperatorError {
  constructor(id: string, what: string, readable: string) {
    super({
      code: "archive-newer",
      kind: "refused",
      message: `the archive ${id} has ${what}, this checkout reads ${readable}`,
      remedy: "Use the checkout that made it, or a later one.",
    });
  }
}

/** What reading an archive's bytes threw, with the archive named. */
export function archiveFailure(error: unknown, id: string): unknown {
  if (error instanceof NewerFormat)
    return new ArchiveNewerError(id, `the format ${error.version}`, `format ${formatVersion}`);
  return error instanceof ArchiveDamage ? new ArchiveDamagedError(id, error.message, error) : error;
}

export class CollectionsChangedError extends OperatorError {
  constructor(database: string, names: readonly string[]) {
    super({
      code: "collections-changed",
      message: `collections of ${database} were made, changed, dropped or renamed while it was read: ${names.join(", ")}`,
      remedy: "Run the command again when nobody changes collections.",
    });
  }
}

export class DatabaseNotEmptyError extends OperatorError {
  constructor(database: string, names: readonly string[]) {
    super({
      code: "restore-not-empty",
      kind: "refused",
      message: `the database ${database} is not empty: it has ${names.slice(0, 5).join(", ")}`,
      remedy: "Restore into another database, or say that these may be dropped. Nothing was changed.",
    });
  }
}

/** Found before anything was touched. */
export class RestoreNotPermittedError extends OperatorError {
  constructor(database: string, collection: string, cause: unknown) {
    super({
      code: "restore-not-permitted",
      kind: "refused",
      message: `the user for migrations may not write ${collection} in ${database}, where a time series has its documents`,
      remedy: `Give it the rights find, insert and update on ${database}.${collection}. Nothing was changed.`,
      cause,
    });
  }
}

/** The one failure after which a database is neither what it was nor what it should be. */
export class RestoreIncompleteError extends OperatorError {
  constructor(database: string, archive: string, cause: unknown) {
    super({
      code: "restore-incomplete",
      message: `the database ${database} holds only a part of the archive ${archive}: ${messageOf(cause)}`,
      remedy: "Do not use it as it is: restore again, and say that what stands there may be dropped.",
      cause,
    });
  }
}

/** What a restore left half must not become an archive that counts as good. */
export class HalfRestoredError extends OperatorError {
  constructor(database: string, archive: string) {
    super({
      code: "backup-half-restored",
      kind: "refused",
      message: `${database} holds only a part of what it should: a restore of ${archive} is on its way or was interrupted`,
      remedy:
        "`dnd backup list` says where it stands. Let it end, or run the restore again; then take the archive.",
    });
  }
}

/** An archive that can be read and does not give back what it says it holds. */
export class RestoreTestError extends OperatorError {
  readonly what: string;

  constructor(
    readonly archive: string,
    readonly differences: readonly string[],
  ) {
    const shown = differences.slice(0, 5).join("; ");
    const what = differences.length > 5 ? `${shown}; and ${differences.length - 5} more` : shown;
    super({
      code: "restore-test-failed",
      message: `the archive ${archive} does not give back what it says: ${what}`,
      remedy: "Use another archive and take a new one; nothing was changed.",
      kind: "refused",
    });
    this.what = what;
  }
}
