import type { AtlasApi, CallOptions } from "./contract";
import { TierWithoutSnapshots } from "./errors";
import type { AtlasCluster } from "./schemas";

/** Which cluster, of which project, by their names. */
export interface ClusterName {
  project: string;
  cluster: string;
}

const shared = new Set(["M0", "M2", "M5", "FLEX", "TENANT"]);

/** Starts a snapshot and gives its id without waiting for it; throws TierWithoutSnapshots where there are none. */
export async function startSnapshot(
  api: AtlasApi,
  { project, cluster }: ClusterName,
  wish: { description: string; retentionDays: number },
  options?: CallOptions,
): Promise<string> {
  const { id } = await api.project(project, options);
  const found = await api.cluster(id, cluster, options);
  const reason = whyNoSnapshots(found);
  if (reason !== undefined)
    throw new TierWithoutSnapshots({ doing: `start a snapshot of cluster ${cluster}`, said: reason });
  return (await api.snapshots.start(id, cluster, wish, options)).id;
}

function whyNoSnapshots({ replicationSpecs = [], backupEnabled }: AtlasCluster): string | undefined {
  const regions = replicationSpecs.flatMap(({ regionConfigs = [] }) => regionConfigs);
  const kinds = regions.flatMap(({ providerName, electableSpecs }) => [
    electableSpecs?.instanceSize,
    providerName,
  ]);
  const tier = kinds.find((kind) => kind !== undefined && shared.has(kind));
  if (tier !== undefined) return `it is of the tier ${tier}`;
  return backupEnabled === false ? "its cloud backup is turned off" : undefined;
}
