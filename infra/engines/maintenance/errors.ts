import { OperatorError } from "../../support";

/** The switch was written by an edition that knows more than this one. */
export class NewerSwitchError extends OperatorError {
  constructor(version: number) {
    super({
      code: "maintenance-newer",
      kind: "refused",
      message: `the maintenance switch is of version ${version}, this edition reads version 1`,
      remedy: "Use the edition that wrote it, or a later one.",
    });
  }
}

/** An address that nobody can have. */
export class WrongAddressError extends OperatorError {
  constructor(given: string) {
    super({
      code: "maintenance-address-wrong",
      kind: "usage",
      message: `"${given}" is no address and no network`,
      remedy: "Give an address such as 203.0.113.7 or a network such as 10.0.0.0/8.",
    });
  }
}
