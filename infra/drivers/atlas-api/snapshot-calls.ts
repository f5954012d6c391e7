import type { SnapshotCalls } from "./contract";
import { AtlasNotFound } from "./errors";
import { pathOf } from "./path";
import type { Send } from "./request";
import { snapshotSchema } from "./schemas";

const version = "2023-01-01";

export function snapshotCalls(send: Send): SnapshotCalls {
  const place = (project: string, cluster: string, ...more: string[]) =>
    pathOf("groups", project, "clusters", cluster, "backup", "snapshots", ...more);
  return {
    start: (project, cluster, { description, retentionDays }, options) =>
      send(
        {
          doing: `start a snapshot of cluster ${cluster}`,
          method: "POST",
          path: place(project, cluster),
          version,
          body: { description, retentionInDays: retentionDays },
          right: "Project Backup Manager",
          answer: snapshotSchema,
        },
        options,
      ),
    get: async (project, cluster, id, options) => {
      try {
        return await send(
          {
            doing: `show the snapshot ${id} of cluster ${cluster}`,
            method: "GET",
            path: place(project, cluster, id),
            version,
            right: "Project Read Only",
            answer: snapshotSchema,
          },
          options,
        );
      } catch (error) {
        if (error instanceof AtlasNotFound) return undefined;
        throw error;
      }
    },
  };
}
