import { OperatorError } from "../../support";

export class ArchiveMissingError extends OperatorError {
  constructor(id: string, store: string) {
    super({
      code: "archive-missing",
      message: `there is no archive ${id} in ${store}`,
      remedy: "Look at what the folder holds, or take a new one with the next `dnd up`.",
    });
  }
}

export class ArchiveDamagedError extends OperatorError {
  constructor(
    readonly archive: string,
    readonly what: string,
  ) {
    super({
      code: "archive-damaged",
      message: `the archive ${archive} is damaged: ${what}`,
      remedy: "Use another archive; nothing was changed.",
      kind: "refused",
    });
  }
}

export class ArchiveNewerError extends OperatorError {
  constructor(id: string, version: unknown) {
    super({
      code: "archive-newer",
      kind: "refused",
      message: `the archive ${id} has a manifest of version ${String(version)}, this checkout reads version 1`,
      remedy: "Use the checkout that made it, or a later one.",
    });
  }
}

export class DatabaseChangedError extends OperatorError {
  constructor(database: string, names: readonly string[]) {
    super({
      code: "collections-changed",
      message: `collections of ${database} were made, dropped or renamed while it was read: ${names.join(", ")}`,
      remedy: "Run the command again when nobody changes collections.",
    });
  }
}

export class DatabaseNotEmptyError extends OperatorError {
  constructor(database: string, names: readonly string[]) {
    super({
      code: "restore-not-empty",
      kind: "refused",
      message: `the database ${database} has collections already: ${names.slice(0, 5).join(", ")}`,
      remedy: "Restore into another database, or say that these may be dropped. Nothing was changed.",
    });
  }
}
