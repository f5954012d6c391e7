import type { ClusterName } from "../../drivers/atlas-api";
import type { SnapshotStarter } from "./provider-snapshot";

export interface AtlasSnapshotWanted {
  cluster: ClusterName;
  environment: string;
  /** Null for an archive that is taken by hand. */
  release: number | null;
}

/** As long as retention keeps an archive that nothing else holds. */
const retentionDays = 7;
const timeoutMs = 15_000;

const atlas = () => require("../../drivers/atlas-api") as typeof import("../../drivers/atlas-api");

/** Atlas's own copy is a second way back; its credentials are taken from the environment when it begins. */
export function atlasSnapshot({ cluster, environment, release }: AtlasSnapshotWanted): SnapshotStarter {
  const of = release === null ? "by hand" : `before release ${release}`;
  const wish = { description: `dnd-tracker ${environment}, ${of}`, retentionDays };
  return async (signal) => {
    const { atlasApiOf, startSnapshot } = atlas();
    return startSnapshot(atlasApiOf(process.env), cluster, wish, { signal, timeoutMs });
  };
}
