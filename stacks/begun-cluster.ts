import { tagsOf } from "../components/tags";
import type { Settings } from "./settings";
import { atlasProject } from "./snapshot-settings";

/** The variable by which a run is told of the cluster that one before it began and could not see made. */
export const begunClusterVariable = "DND_BEGUN_CLUSTER";

/** By what a stack knows its own cluster at Atlas again. */
export function clusterMarks(settings: Settings) {
  const project = atlasProject(settings);
  return { project, cluster: project, tags: tagsOf(settings.environment) };
}
