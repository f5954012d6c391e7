import * as pulumi from "@pulumi/pulumi";
import { checkoutCommit, OperatorError } from "../infra/support";
import { readSettings } from "./settings";

/** The entry of the Pulumi program: settings in, the stack's story, outputs out. */
function main(): object {
  const settings = readSettings(pulumi.runtime.allConfig(), process.env, pulumi.getStack());
  if (settings.database.kind === "embedded") {
    return (require("./local") as typeof import("./local")).local(settings, process.env.GIT_SHA ?? null);
  }
  return (require("./cloud") as typeof import("./cloud")).cloud(settings, checkoutCommit());
}

/** What an operator can mend is shown without a stack trace. */
function explained(): object {
  try {
    return main();
  } catch (error) {
    throw error instanceof OperatorError ? new pulumi.RunError(error.message) : error;
  }
}

export = explained();
