import { lookAt, type MigrationsAt } from "./plan";
import type { MigrationPhase } from "./migration";
import { isApplied, schemaVersionOf, type JournalRecord } from "./record";

/** One line of the table of migrations. */
export interface MigrationStatusRow {
  version: string;
  description: string;
  /** "unknown" while its file cannot be loaded. */
  phase: MigrationPhase | "unknown";
  state: "applied" | "pending" | "running" | "failed" | "reverted" | "changed" | "missing";
  /** Whether its change is in effect. */
  applied: boolean;
  executedAt: Date | null;
  durationMs: number | null;
  by: string | null;
  release: number | null;
  /** The commit of the checkout that ran it. */
  commit: string | null;
  /** The last lines that it logged. */
  log: string[];
  /** Older versions that were pending when it was run alone. */
  holes: string[];
  error: string | null;
}

export interface MigrationStatus {
  schemaVersion: string | null;
  rows: MigrationStatusRow[];
  problems: string[];
}

/** Every migration that the folder or the journal knows, by version. Reads only. */
export async function migrationStatus(at: MigrationsAt): Promise<MigrationStatus> {
  const { files, records, pending, problems } = await lookAt(at);
  const versions = [...new Set([...files, ...records].map(({ version }) => version))].sort();
  const rows = versions.map((version): MigrationStatusRow => {
    const file = files.find((one) => one.version === version);
    const record = records.find((one) => one.version === version);
    const waiting = pending.find((one) => one.version === version);
    return {
      version,
      description: waiting?.description ?? record?.description ?? file?.file ?? "",
      phase: waiting?.phase ?? record?.phase ?? "unknown",
      state: stateOf(file?.checksum, record),
      applied: record !== undefined && isApplied(record),
      executedAt: record?.executedAt ?? null,
      durationMs: record?.durationMs ?? null,
      by: record ? `${record.by}@${record.host}` : null,
      release: record?.release ?? null,
      commit: record?.commit ?? null,
      log: record?.log ?? [],
      holes: record?.holes ?? [],
      error: record?.error ?? null,
    };
  });
  return { schemaVersion: schemaVersionOf(records), rows, problems };
}

function stateOf(
  checksum: string | undefined,
  record: JournalRecord | undefined,
): MigrationStatusRow["state"] {
  if (!record) return "pending";
  if (!isApplied(record)) return record.state;
  if (checksum === undefined) return "missing";
  return checksum === record.checksum ? "applied" : "changed";
}
