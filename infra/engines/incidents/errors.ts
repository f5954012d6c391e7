import { OperatorError } from "../../support";

/** There is no such incident, or none that is open. */
export class NoIncidentError extends OperatorError {
  constructor(number: number | undefined) {
    super({
      code: "incident-missing",
      kind: "refused",
      message: number === undefined ? "no incident is open" : `there is no incident ${number}`,
      remedy: "`dnd incident list` shows them, `dnd incident start` begins one.",
    });
  }
}

/** It is over: its timeline grows no more. */
export class IncidentClosedError extends OperatorError {
  constructor(number: number) {
    super({
      code: "incident-closed",
      kind: "refused",
      message: `incident ${number} is closed`,
      remedy: "Begin another with `dnd incident start`.",
    });
  }
}

/** It was written by an edition that knows more than this one. */
export class NewerIncidentError extends OperatorError {
  constructor(number: number, version: number) {
    super({
      code: "incident-newer",
      kind: "refused",
      message: `incident ${number} is of version ${version}, this edition reads version 1`,
      remedy: "Use the edition that wrote it, or a later one.",
    });
  }
}
