/** Everything that a person asks before saying yes to a release; nothing in it is secret. */
export interface PreviewReport {
  version: 1;
  stack: string;
  engine: string;
  result: "succeeded" | "failed" | "interrupted";
  infrastructure: { summary: Record<string, number>; changes: InfrastructureChange[] };
  release: PlannedRelease | null;
  migrations: { pending: PendingMigration[]; tried: string[] };
  backup: BackupPlan;
  rollback: WayBack;
  /** Of the whole release, going by the same steps of earlier ones; null where none tells. */
  expectedMs: number | null;
  risks: string[];
  errors: string[];
}

export interface InfrastructureChange {
  op: string;
  name: string;
  type: string;
  /** The properties that differ, by their names alone. */
  properties: string[];
}

export interface PlannedRelease {
  number: number;
  why: string[];
  image: { before: string | null; after: string };
}

export interface PendingMigration {
  version: string;
  description: string;
  phase: "expand" | "contract";
  /** Null where its file could not be read. */
  reversible: boolean | null;
}

export interface BackupPlan {
  wanted: boolean;
  documents: number | null;
  bytes: number | null;
  expectedMs: number | null;
}

/** How this release would be taken back once it is out. */
export interface WayBack {
  command: string | null;
  steps: string[];
  expectedMs: number | null;
}
