import { OperatorError } from "../../../support";

/** The app is there and belongs to others. */
export class WrongOrganization extends OperatorError {
  constructor(app: string, found: string, wanted: string) {
    super({
      code: "fly-wrong-organization",
      message: `app ${app} belongs to organization ${found}, not to ${wanted}`,
      remedy: "Name the organization that it belongs to, or choose another name for the app.",
      kind: "usage",
    });
  }
}
