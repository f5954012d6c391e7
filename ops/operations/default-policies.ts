import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import type { Settings } from "../../stacks/settings";

/** The policy packs that judge an operation unless it names its own: this project's, where a stack makes what the pack is about. */
export function defaultPolicies({ database, environment }: Settings): string[] {
  const judged = database.kind === "atlas" || (database.kind === "uri" && environment === "production");
  return judged ? [join(projectRoot, "policy")] : [];
}
