import { AtlasNotFound, type AtlasApi, type AtlasCluster, type CallOptions } from "../../drivers/atlas-api";

export interface ClusterPlace {
  /** By their names at Atlas. */
  project: string;
  cluster: string;
}

/** A cluster as a plan has to know it: none yet, one that cannot be asked, or one at an address. */
export type ClusterSeen =
  { state: "new" } | { state: "down"; why?: string } | { state: "ready"; uri: string };

/** Looks whether a cluster is there, and where; reads only. */
export async function observeCluster(
  api: AtlasApi,
  { project, cluster }: ClusterPlace,
  options: CallOptions = {},
): Promise<ClusterSeen> {
  try {
    const { id } = await api.project(project, options);
    return stateOf(await api.cluster(id, cluster, options));
  } catch (error) {
    if (error instanceof AtlasNotFound) return { state: "new" };
    throw error;
  }
}

function stateOf({ stateName, connectionStrings }: AtlasCluster): ClusterSeen {
  const uri = addressIn(connectionStrings ?? {});
  if (stateName === "DELETING" || stateName === "DELETED") return { state: "new" };
  return uri === undefined ? { state: "down" } : { state: "ready", uri };
}

/** Of a cluster's addresses the one that stays the same when its members change. */
export function addressIn(strings: {
  standard?: string | undefined;
  standardSrv?: string | undefined;
}): string | undefined {
  return strings.standardSrv || strings.standard || undefined;
}
