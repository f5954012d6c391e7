import { OperatorError } from "../../support";
import type { Check } from "./verification/check";

/** Checks in which the app itself speaks; the others look at its database, its data and the way there. */
const ofTheApp = new Set(["health", "image", "game", "bake"]);

/** A deployed app did not pass its verification. */
export class VerificationError extends OperatorError {
  /** The app answered, and wrongly: another run of the same image would end the same way. */
  readonly byTheApp: boolean;

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
    const bad = checks.filter(({ ok }) => !ok);
    this.byTheApp = bad.length === 0 || bad.some(({ name, unanswered }) => ofTheApp.has(name) && !unanswered);
  }
}
