import { OperatorError, messageOf } from "../../support";
import type { MigrationDirection } from "./migration";

/** Something stands in the way of every migration; nothing was touched. */
export class MigrationsRefusedError extends OperatorError {
  constructor(problems: string[]) {
    super({
      code: "migrations-refused",
      kind: "refused",
      message: `migrations refused, nothing was touched:\n${problems.map((one) => `  - ${one}`).join("\n")}`,
      remedy:
        "Mend what is listed, then run the command again (`dnd migrate validate` looks without running).",
    });
  }
}

/** A run that should restore after a failure has nothing to restore from. */
export class NoArchiveToRestoreError extends OperatorError {
  constructor(why: string) {
    super({
      code: "migrations-no-archive",
      kind: "refused",
      message: `a failed migration could not be restored from this run's archive: ${why}; nothing was touched`,
      remedy: "Take an archive with the run, or choose another way for failures (`stop`, `revert-run`).",
    });
  }
}

/** Some of the migrations that should be taken back have no way back. */
export class IrreversibleError extends OperatorError {
  constructor(reasons: { version: string; reason: string }[]) {
    const list = reasons.map(({ version, reason }) => `  - ${version}: ${reason}`).join("\n");
    super({
      code: "migration-irreversible",
      kind: "refused",
      message: `these migrations cannot be taken back, nothing was touched:\n${list}`,
      remedy:
        "Take back fewer steps, or restore the archive of the release before (`dnd rollback database`).",
    });
  }
}

/** Another run holds the lock. */
export class MigrationsLockedError extends OperatorError {
  constructor(holder: string, waitedMs: number) {
    super({
      code: "migrations-locked",
      kind: "locked",
      message: `migrations are being run by ${holder}; waited ${waitedMs / 1000}s`,
      remedy:
        "Wait until that run ends, then run the command again; a run that died frees its lock by itself.",
    });
  }
}

/** This run was too long without a sign of life and another may have taken over. */
export class LockLostError extends OperatorError {
  constructor(why: string) {
    super({
      code: "migration-lock-lost",
      message: `this run lost the lock of the migrations (${why}) and stopped before its next command`,
      remedy:
        "See `dnd migrate status` for what is applied, then run the command again: it goes on from there.",
    });
  }
}

/** What is known of a migration that did not end. */
export interface FailureDetails {
  version: string;
  direction: MigrationDirection;
  interrupted: boolean;
  /** Whether the journal could be told; without it nothing more is done. */
  settled: boolean;
  state: string;
  remedy: string;
  cause: unknown;
}

/** One migration did not end; the message says what that leaves in the database. */
export class MigrationFailedError extends OperatorError {
  constructor(readonly details: FailureDetails) {
    const { version, direction, interrupted, state, remedy, cause } = details;
    const what = interrupted ? "was interrupted" : `failed: ${messageOf(cause)}`;
    super({
      code: interrupted ? "migration-interrupted" : "migration-failed",
      kind: interrupted ? "interrupted" : "failed",
      message: `migration ${version} (${direction}) ${what}\n  ${state}`,
      remedy,
      cause,
    });
  }

  /** The same failure with what became of the rest of the run, and with a second error where one followed. */
  and(state: string, further?: unknown): MigrationFailedError {
    const { details } = this;
    const cause =
      further === undefined
        ? details.cause
        : new AggregateError(
            [details.cause, further],
            `${messageOf(details.cause)}; and then: ${messageOf(further)}`,
          );
    return new MigrationFailedError({ ...details, state: `${details.state}\n  ${state}`, cause });
  }
}

/** Documents that a migration had changed were changed again by others. */
export class ChangedSinceError extends OperatorError {
  constructor(version: string, changed: string[]) {
    super({
      code: "migration-changed-since",
      kind: "refused",
      message: `documents that migration ${version} had changed were changed again since (${changed.join(", ")}): putting their pre-images back would lose that`,
      remedy: "Write a migration that mends what is wrong, or restore an archive.",
    });
  }
}

/** A trial on the live database came to what it must not do there. */
export class TrialLimitError extends OperatorError {
  constructor(why: string) {
    super({
      code: "migration-trial-limit",
      kind: "refused",
      message: `it cannot be tried on the live database: ${why}`,
      remedy: "Try it on a database of its own: `dnd migrate up --dry-run`, without `--on-live`.",
    });
  }
}

/** There is no changelog of another tool. */
export class NothingToAdoptError extends OperatorError {
  constructor(database: string) {
    super({
      code: "migrations-nothing-to-adopt",
      kind: "refused",
      message: `${database} holds no changelog of migrate-mongo or ts-migrate-mongoose`,
      remedy:
        "Name its collection with --collection, or run the migrations as they are: nothing was applied.",
    });
  }
}

/** A version was named that neither the files nor the journal know. */
export class UnknownVersionError extends OperatorError {
  constructor(version: string) {
    super({
      code: "migration-unknown",
      kind: "usage",
      message: `there is no migration ${version}, neither in the folder nor in the journal`,
      remedy: "`dnd migrate status` lists them all.",
    });
  }
}

/** A migration cannot be run alone. */
export class DependencyMissingError extends OperatorError {
  constructor(version: string, missing: string[]) {
    super({
      code: "migration-dependency-missing",
      kind: "refused",
      message: `migration ${version} depends on ${missing.join(", ")}, not applied yet; nothing was touched`,
      remedy: "Run those first, or `dnd migrate up --to` the version.",
    });
  }
}

/** A migration took longer than it may. */
export class MigrationTimeoutError extends OperatorError {
  constructor(timeout: string) {
    super({
      code: "migration-timeout",
      message: `it took longer than its ${timeout}`,
      remedy: "Give the migration a longer `timeout`, or let it do less at once.",
    });
  }
}

/** A migration does what a migration must not. */
export class MigrationMisuseError extends OperatorError {
  constructor(message: string, remedy: string) {
    super({ code: "migration-misuse", message, remedy });
  }
}

/** A migration wants something that no transaction can hold. */
export class TransactionRefusedError extends MigrationMisuseError {
  constructor(name: string) {
    super(
      `\`${name}\` cannot run in a transaction`,
      "Declare `transaction: false` and write it so that it bears being repeated.",
    );
  }
}

/** The journal was written by a later edition of this system. */
export class NewerMigrationJournalError extends OperatorError {
  constructor(version: unknown, documentVersion: unknown) {
    super({
      code: "migration-journal-newer",
      kind: "refused",
      message: `migration ${String(version)} is recorded in document version ${String(documentVersion)}, this checkout reads version 1`,
      remedy: "Use the checkout that ran it, or a later one.",
    });
  }
}

/** The journal's collection holds something that no edition of this system wrote. */
export class ForeignJournalError extends OperatorError {
  constructor(id: unknown) {
    super({
      code: "migration-journal-foreign",
      kind: "refused",
      message: `the collection "migrations" holds ${JSON.stringify(id)}, which is no record of this system`,
      remedy: "Rename that collection if it belongs to another tool; nothing was touched.",
    });
  }
}
