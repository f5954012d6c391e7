import { AtlasNotFound, type AtlasApi, type AtlasCluster } from "../../drivers/atlas-api";
import {
  formatDuration,
  OperatorError,
  silent,
  systemClock,
  waitFor,
  type Clock,
  type Progress,
} from "../../support";
import { addressIn, type ClusterPlace } from "./observe-cluster";

export interface BegunClusterWish extends ClusterPlace {
  /** What a stack marks its cluster with: one without these is somebody else's. */
  tags: Record<string, string>;
}

export interface BegunClusterOptions {
  progress?: Progress;
  signal?: AbortSignal | undefined;
  clock?: Clock;
  intervalMs?: number;
}

/** Atlas says 20 minutes at most, and now and then needs more. */
const patienceMs = 60 * 60_000;
const toldEveryMs = 15_000;

/**
 * The cluster that an interrupted run began, by the id that an import takes, once Atlas has made it. Undefined where
 * none was begun.
 */
export async function begunCluster(
  api: AtlasApi,
  wish: BegunClusterWish,
  { progress = silent, signal, clock = systemClock, intervalMs = 5000 }: BegunClusterOptions = {},
): Promise<string | undefined> {
  const look = () => seen(api, wish, signal);
  const found = await look();
  if (found === undefined) return undefined;
  refuseAnothers(found.cluster, wish);
  const began = clock.now();
  let told = -Infinity;
  await waitFor(
    async () => {
      const now = await look();
      if (now === undefined || addressIn(now.cluster.connectionStrings ?? {}) !== undefined) return true;
      if (clock.now() - told >= toldEveryMs) {
        told = clock.now();
        progress(
          `Atlas is still making the cluster ${wish.cluster}, which an earlier run began (${formatDuration(told - began)} so far)`,
        );
      }
      return undefined;
    },
    { what: `Atlas to make the cluster ${wish.cluster}`, timeoutMs: patienceMs, intervalMs, signal },
  );
  return `${found.projectId}-${wish.cluster}`;
}

async function seen(
  api: AtlasApi,
  { project, cluster }: ClusterPlace,
  signal: AbortSignal | undefined,
): Promise<{ projectId: string; cluster: AtlasCluster } | undefined> {
  try {
    const { id } = await api.project(project, { signal });
    return { projectId: id, cluster: await api.cluster(id, cluster, { signal }) };
  } catch (error) {
    if (error instanceof AtlasNotFound) return undefined;
    throw error;
  }
}

/** A name says nothing of whose a cluster is. */
function refuseAnothers(
  { tags = [] }: AtlasCluster,
  { cluster, project, tags: own }: BegunClusterWish,
): void {
  const marked = new Map(tags.map(({ key, value }) => [key, value]));
  if (Object.entries(own).every(([key, value]) => marked.get(key) === value)) return;
  throw new OperatorError({
    code: "cluster-name-taken",
    kind: "refused",
    message: `the project ${project} has a cluster ${cluster} that is not marked as this stack's`,
    remedy: "Name another project in database.project, or remove that cluster where nobody needs it.",
  });
}
