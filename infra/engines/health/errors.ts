import { OperatorError } from "../../support";
import type { Check } from "./verification/check";

/** A deployed app did not pass its verification. */
export class VerificationError extends OperatorError {
  constructor(
    url: string,
    readonly checks: Check[],
    reasons: string[] = [],
  ) {
    const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `\n  ${name}: ${detail}`);
    const watched = reasons.map((reason) => `\n  ${reason}`).join("");
    super({
      code: "verification-failed",
      message:
        failed.length > 0
          ? `the app at ${url} failed ${failed.length} of ${checks.length} checks:${failed.join("")}`
          : `the app at ${url} was bad while it was watched:${watched}`,
      remedy: "Read the app's log for the reason, mend it, then run `dnd up` again.",
    });
  }
}
