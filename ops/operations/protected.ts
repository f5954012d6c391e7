import { OperatorError } from "../../infra/support";
import { shortName, type HeldResource } from "../engine";

/**
 * Refuses to take down a stack with something protected in it. An engine only finds out when it comes to that one: by then
 * the users, the alerts and the ways in around it would be gone.
 */
export function refuseProtected(stack: string, held: readonly HeldResource[]): void {
  const kept = held.filter(({ protect }) => protect).map(({ urn }) => shortName(urn));
  if (kept.length === 0) return;
  throw new OperatorError({
    code: "stack-protected",
    kind: "refused",
    message: `the stack ${stack} is protected: ${kept.join(", ")}; nothing was touched`,
    remedy: `Whoever means it lifts the protection of each by \`pulumi state unprotect --stack ${stack}\`, and runs this again; archives and cluster are lost then.`,
  });
}
