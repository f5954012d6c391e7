import { atDatabase, type DatabaseAddress } from "../../infra/drivers/mongo";
import { migrationStatus } from "../../infra/engines/migration";
import { newestRelease, type Release } from "../../infra/engines/release";
import { messageOf } from "../../infra/support";
import { addressOf, type BackupPlace } from "../backup";
import { folderOf } from "../migrate";
import type { StatusOptions } from "./index";
import { lookAtOperations, operationsProblems, type OperationsStatus } from "./operations";

export interface DatabaseStatus {
  reachable: boolean;
  documentBytes: number;
  schema: { version: string | null; pending: number } | null;
  /** The newest, whatever became of it. */
  release:
    | (Pick<Release, "state" | "image" | "startedAt" | "finishedAt" | "by" | "error"> & {
        number: number;
      })
    | null;
  operations: OperationsStatus;
  problems: string[];
}

const unreachable: DatabaseStatus = {
  reachable: false,
  documentBytes: 0,
  schema: null,
  release: null,
  operations: { alerts: [], overrides: [], maintenance: null },
  problems: [],
};

/** What the database holds, and what it remembers of migrations and releases. */
export async function lookAtDatabase(
  options: StatusOptions,
  place: BackupPlace,
  signal?: AbortSignal,
): Promise<DatabaseStatus> {
  try {
    const address = await addressOf({ ...options, action: "list" }, place);
    const folder = folderOf(place.settings ? { folder: place.settings.migrations.folder } : {});
    const [server, migrations] = await Promise.all([
      readServer(address, signal),
      migrationStatus({ address, folder, signal }),
    ]);
    const pending = migrations.rows.filter(({ applied }) => !applied).length;
    return {
      reachable: true,
      documentBytes: server.documentBytes,
      schema: { version: migrations.schemaVersion, pending },
      release: server.release,
      operations: server.operations,
      problems: [
        ...migrations.problems,
        ...releaseProblems(server.release),
        ...operationsProblems(server.operations),
      ],
    };
  } catch (error) {
    return { ...unreachable, problems: [`the database cannot be looked at: ${messageOf(error)}`] };
  }
}

function readServer(address: DatabaseAddress, signal: AbortSignal | undefined) {
  return atDatabase(address, "migration", { appName: "dnd-status", signal }, async ({ app, ops }) => {
    const [stats, release, operations] = await Promise.all([
      app.command({ dbStats: 1 }),
      newestRelease(ops),
      lookAtOperations(ops),
    ]);
    return { documentBytes: Number(stats.dataSize), release: release && shownOf(release), operations };
  });
}

function shownOf({ _id, state, image, startedAt, finishedAt, by, error }: Release) {
  return { number: _id, state, image, startedAt, finishedAt, by, error };
}

function releaseProblems(release: DatabaseStatus["release"]): string[] {
  return release?.state === "failed" ? [`release ${release.number} failed: ${release.error ?? ""}`] : [];
}
