import { OperatorError } from "../../support";

/** A newer edition of the program wrote this alert. */
export class NewerAlertError extends OperatorError {
  constructor(id: string, version: number) {
    super({
      code: "alert-newer",
      message: `the alert ${id} is of edition ${version}, and this program reads edition 1`,
      remedy: "Use the edition of the program that wrote it, or a later one.",
    });
  }
}

/** There is no such alert. */
export class NoSuchAlertError extends OperatorError {
  constructor(id: string) {
    super({
      code: "alert-unknown",
      message: `there is no alert ${id}`,
      remedy: "`dnd alerts list --all` names those that there were.",
    });
  }
}
