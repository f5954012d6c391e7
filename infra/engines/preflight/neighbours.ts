import type { Db } from "mongodb";
import type { DatabaseAddress } from "../../drivers/mongo";
import type { ProcessIdentity } from "../../drivers/processes";

/** What the gates ask of other engines, which they do not know; whoever runs them brings these along. */
export interface Neighbours {
  reviewMigrations(folder: string, policy: { requireDown: boolean }): Promise<MigrationsReviewed>;
  planMigrations(at: {
    address: DatabaseAddress | null;
    folder: string;
    schema?: { min: string; max: string } | undefined;
    requireDown?: boolean | undefined;
    signal?: AbortSignal;
  }): Promise<{ pending: { version: string }[]; problems: string[] }>;
  checksumsOf(folder: string): Record<string, string>;
  estimateBackup(address: DatabaseAddress): Promise<{ bytes: number }>;
  listDescribed(
    store: string,
    filter: { database?: string; environment?: string },
  ): Promise<{ id: string; verifications: { kind: string; at: string; ok: boolean }[] }[]>;
  newestRelease(ops: Db): Promise<ReleaseSeen | null>;
  newestDone(ops: Db): Promise<ReleaseSeen | null>;
  openAlerts(ops: Db): Promise<{ level: "warning" | "critical"; title: string }[]>;
}

interface MigrationsReviewed {
  problems: string[];
  findings: { file: string; rule: string; what: string; accepted: string | null }[];
}

/** As much of a release as a gate asks for. */
export interface ReleaseSeen {
  _id: number;
  state: string;
  image: { digest: string };
  by: string;
  host: string;
  startedAt: Date;
  steps: { at: Date; durationMs: number }[];
  runner?: ProcessIdentity | undefined;
  /** By the clock of the server. */
  heartbeatAt?: Date | undefined;
}
