import type { SnapshotStarter } from "../../infra/engines/backup";
import { snapshotWanted } from "../../stacks/snapshot-settings";
import { engine } from "./engine";
import type { BackupPlace } from "./place";

/** The snapshot that the stack's cluster makes beside an archive, as beside that of a release; a database that was named has none. */
export function snapshotBeside({ settings, environment }: BackupPlace): SnapshotStarter | undefined {
  const cluster = settings && snapshotWanted(settings);
  if (!cluster) return undefined;
  return engine().atlasSnapshot({
    cluster,
    environment: environment ?? settings.environment,
    release: null,
  });
}
