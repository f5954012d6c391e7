import { z } from "zod";
import type { Settings } from "./settings";

/** The cluster at Atlas that makes a snapshot of its own beside each archive of a release. */
export const snapshotSetting = z.strictObject({
  project: z.string().min(1, "the name of the project at Atlas"),
  cluster: z.string().min(1, "the name of the cluster in that project"),
});

/** The project that a stack's own cluster lies in, and that cluster's name. */
export function atlasProject({ database, environment }: Settings): string {
  return (database.kind === "atlas" ? database.project : undefined) ?? `dnd-tracker-${environment}`;
}

/** Whose that project is, as the settings say it: of a project that was given, its id; else the organization that pays. */
export function atlasOwner({ database }: Settings): string | undefined {
  return database.kind === "atlas" ? (database.projectId ?? database.orgId) : undefined;
}

const withoutSnapshots = ["M0", "FLEX"];

/** Production makes them wherever its own cluster is of a tier that can; any other stack where it names a cluster. */
export function snapshotWanted(settings: Settings): z.infer<typeof snapshotSetting> | undefined {
  const { backup, database, environment } = settings;
  if (backup.snapshot !== undefined) return backup.snapshot || undefined;
  if (environment !== "production" || database.kind !== "atlas") return undefined;
  if (withoutSnapshots.includes(database.tier)) return undefined;
  return { project: atlasProject(settings), cluster: atlasProject(settings) };
}
