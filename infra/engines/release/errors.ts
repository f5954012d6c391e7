import { OperatorError } from "../../support";
import type { Release } from "./release";

/** Somebody else took the number first. */
export class ReleaseTakenError extends OperatorError {
  constructor(number: number, holder: Release | null) {
    const who = holder
      ? `${holder.by} on ${holder.host} since ${holder.startedAt.toISOString()}`
      : "somebody else";
    super({
      code: "release-taken",
      kind: "locked",
      message: `release ${number} is being made by ${who}`,
      remedy: "Wait until it ends (`dnd history`), then run `dnd up` again.",
    });
  }
}

/** The journal was written by a later edition of this system. */
export class NewerJournalError extends OperatorError {
  constructor(number: unknown, version: unknown) {
    super({
      code: "journal-newer",
      kind: "refused",
      message: `release ${String(number)} is recorded in document version ${String(version)}, this checkout reads version 1`,
      remedy: "Use the checkout that made that release, or a later one.",
    });
  }
}
