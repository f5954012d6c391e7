import { OperatorError, messageOf } from "../../../support";

export class RestoreRunningError extends OperatorError {
  constructor(
    database: string,
    { owner, startedAt }: { owner: { host: string; pid: number }; startedAt: Date },
  ) {
    super({
      code: "restore-running",
      kind: "refused",
      message: `a restore of ${database} has been running since ${startedAt.toISOString()} on ${owner.host} (process ${owner.pid})`,
      remedy: "Wait until it is done, or stop that process; the next run then finishes what it began.",
    });
  }
}

/** The steps that are left stand in the journal: this is not over, but nothing is lost. */
export class SwitchInterruptedError extends OperatorError {
  constructor(database: string, step: string, cause: unknown) {
    super({
      code: "restore-switch-interrupted",
      message: `${database} is between its old collections and its new ones: it failed to ${step}: ${messageOf(cause)}`,
      remedy: "Run the command again: it goes on from that step, or undo the restore.",
      cause,
    });
  }
}

export class NothingToUndoError extends OperatorError {
  constructor(database: string) {
    super({
      code: "restore-nothing-kept",
      kind: "refused",
      message: `${database} keeps no old collections of a restore`,
      remedy: "It was confirmed, undone or never made; take an archive of the wanted time instead.",
    });
  }
}

export class OlderServerError extends OperatorError {
  constructor(server: string, dumped: string) {
    super({
      code: "restore-older-server",
      kind: "refused",
      message: `the server is of version ${server}, the archive of a server of version ${dumped}`,
      remedy:
        "Restore into a server of that version or later, or say --allow-older with a reason. Nothing was changed.",
    });
  }
}

export class RestoreUnequalError extends OperatorError {
  constructor(database: string, collection: string, what: string) {
    super({
      code: "restore-unequal",
      message: `${collection} came to be in ${database} other than it stands in the archive: ${what}`,
      remedy:
        "Look whether somebody writes to its shadow or the server reports errors, then run the command again. The old collections stand as they were.",
    });
  }
}

export class NamespacesUnclearError extends OperatorError {
  constructor(message: string, remedy: string) {
    super({ code: "restore-namespaces", kind: "refused", message, remedy: `${remedy} Nothing was changed.` });
  }
}
