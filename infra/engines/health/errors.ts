import { OperatorError } from "../../support";
import type { Check } from "./verification/check";

/** A deployed app did not pass its verification. */
export class VerificationError extends OperatorError {
  constructor(
    url: string,
    readonly checks: Check[],
  ) {
    const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `\n  ${name}: ${detail}`);
    super({
      code: "verification-failed",
      message: `the app at ${url} failed ${failed.length} of ${checks.length} checks:${failed.join("")}`,
      remedy: "Read the app's log for the reason, mend it, then run `dnd up` again.",
    });
  }
}
