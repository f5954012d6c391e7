import { OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { atlasProject } from "../../stacks/snapshot-settings";
import type { StackEngine, StackPlace } from "../engine";

interface Moved {
  engine: StackEngine;
  place: StackPlace;
  settings: Settings;
  /** The project that may be given up, by its name. */
  confirmed: string | undefined;
}

/** Refuses an update that makes another cluster in place of the stack's, unless the one that goes is named. */
export async function refuseMovedCluster({ engine, place, settings, confirmed }: Moved): Promise<void> {
  if (settings.database.kind !== "atlas") return;
  const { databaseProject: present } = await engine.outputs(place, { showSecrets: false });
  const wanted = atlasProject(settings);
  if (typeof present !== "string" || present === wanted || present === confirmed) return;
  throw new OperatorError({
    code: "cluster-moved",
    kind: "refused",
    message: `database.project is ${wanted}, and the stack's data is in ${present}, which would be destroyed with its cluster`,
    remedy: `Set database.project back to ${present}; or, when that data may go: \`--give-up-cluster ${present}\`.`,
  });
}
