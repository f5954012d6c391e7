import type { Progress } from "../../infra/support";
import { begunClusterVariable, clusterMarks } from "../../stacks/begun-cluster";
import type { Settings } from "../../stacks/settings";
import type { StackEngine, StackPlace } from "../engine";

interface Begun {
  engine: StackEngine;
  place: StackPlace;
  settings: Settings;
  signal: AbortSignal;
  say: Progress;
}

const clusterType = "mongodbatlas:index/advancedCluster:AdvancedCluster";
const projectType = "mongodbatlas:index/project:Project";

/**
 * What an update's program is told of a cluster that Atlas has and the state has not: an interrupted run began it, and
 * its provider keeps nothing of a cluster that it did not see made.
 */
export async function toldOfBegunCluster(begun: Begun): Promise<Record<string, string>> {
  const { engine, place, settings, signal, say } = begun;
  const { database } = settings;
  if (database.kind !== "atlas") return {};
  const held = (await engine.resources(place)).map(({ urn }) => urn.split("::")[2] ?? "");
  const has = (type: string) => held.some((one) => one.endsWith(type));
  const mayHave = has(projectType) || database.projectId !== undefined;
  if (has(clusterType) || !mayHave) return {};
  const { atlasApiOf } =
    require("../../infra/drivers/atlas-api") as typeof import("../../infra/drivers/atlas-api");
  const { begunCluster } = require("../../infra/engines/reach") as typeof import("../../infra/engines/reach");
  const marks = clusterMarks(settings);
  const id = await begunCluster(atlasApiOf(process.env), marks, { signal, progress: say });
  if (id === undefined) return {};
  say(`the cluster ${marks.cluster} was begun by a run that was interrupted: this one goes on with it`);
  return { [begunClusterVariable]: id };
}
