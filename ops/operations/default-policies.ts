import { join } from "node:path";
import { projectRoot } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import type { StackPlace } from "../engine";

/** The policy packs that judge an operation unless it names its own: this project's, where a stack makes what the pack is about. */
export function defaultPolicies({ database, environment }: Settings): string[] {
  const judged = database.kind === "atlas" || (database.kind === "uri" && environment === "production");
  return judged ? [join(projectRoot, "policy")] : [];
}

/** The same of a stack at its place; none where it is of another program. */
export async function policiesAt(place: StackPlace): Promise<string[]> {
  const { settingsAt } = require("../stack-settings") as typeof import("../stack-settings");
  const settings = await settingsAt(place);
  return settings ? defaultPolicies(settings) : [];
}
