import { OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { atlasOwner, atlasProject } from "../../stacks/snapshot-settings";
import { shortName, type HeldResource, type StackEngine, type StackPlace } from "../engine";

interface Moved {
  engine: StackEngine;
  place: StackPlace;
  settings: Settings;
  /** The project that may be given up, by its name. */
  confirmed: string | undefined;
}

/** Refuses an update that makes another cluster in place of the stack's, unless the one that goes is named. */
export async function refuseMovedCluster({ engine, place, settings, confirmed }: Moved): Promise<void> {
  // Nothing of a stack on this machine has ever been at Atlas.
  if (settings.database.kind === "embedded") return;
  const { databaseProject: present, databaseOwner: owner } = await engine.outputs(place, {
    showSecrets: false,
  });
  if (typeof present !== "string") return;
  const moved = moveOf(settings, present, owner);
  if (moved === undefined) return;
  if (present === confirmed)
    return refuseProtectedCluster(place.stack, present, await engine.resources(place));
  throw new OperatorError({
    code: "cluster-moved",
    kind: "refused",
    message: `${moved.found}, and the stack's data is in ${present}, which would be destroyed with its cluster`,
    remedy: `Set ${moved.back}; or, when that data may go: \`--give-up-cluster ${present}\`.`,
  });
}

/** An engine only finds out when the project has another name already. */
function refuseProtectedCluster(stack: string, present: string, held: readonly HeldResource[]): void {
  const kept = held.filter(({ urn, protect }) => protect && /:(Project|AdvancedCluster)::/.test(urn));
  if (kept.length === 0) return;
  throw new OperatorError({
    code: "cluster-protected",
    kind: "refused",
    message: `${present} may go, and is protected: ${kept.map(({ urn }) => shortName(urn)).join(", ")}; nothing was touched`,
    remedy: `Lift the protection of each by \`pulumi state unprotect --stack ${stack}\`, and run this again. Atlas keeps the cluster until somebody removes it there.`,
  });
}

/** Which setting leads to another cluster than the present one, and how it would be set back. */
function moveOf(
  settings: Settings,
  present: string,
  owner: unknown,
): { found: string; back: string } | undefined {
  const { kind } = settings.database;
  if (kind !== "atlas") return { found: `database.kind is ${kind}`, back: "database.kind back to atlas" };
  const project = atlasProject(settings);
  if (project !== present)
    return { found: `database.project is ${project}`, back: `database.project back to ${present}` };
  const wanted = atlasOwner(settings);
  if (typeof owner !== "string" || owner === wanted) return undefined;
  const found = `the project's owner (database.projectId, else database.orgId) is ${wanted ?? "nobody"}`;
  return { found, back: `it back to ${owner}` };
}

/** The same of a stack at its place, where nobody was asked whether its data may go; nothing where it is of another program. */
export async function refuseMovedClusterAt(engine: Moved["engine"], place: StackPlace): Promise<void> {
  const { settingsAt } = require("../stack-settings") as typeof import("../stack-settings");
  const settings = await settingsAt(place);
  if (settings) await refuseMovedCluster({ engine, place, settings, confirmed: undefined });
}
