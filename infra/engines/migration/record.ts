import type { MigrationDirection, MigrationPhase } from "./migration";

/** How far a backfill has come. */
export interface BackfillCursor {
  key: string;
  /** The `_id` of the last document that was dealt with; of whatever type the collection has. */
  last: unknown;
  /** How many documents it looked at, and how many of them it changed. */
  seen: number;
  documents: number;
}

/** What the journal says of one migration. Its `_id` is the version. */
export interface JournalRecord {
  _id: string;
  documentVersion: 1;
  version: string;
  file: string;
  description: string;
  checksum: string;
  phase: MigrationPhase;
  transaction: boolean;
  state: "running" | "applied" | "failed" | "reverted";
  direction: MigrationDirection;
  startedAt: Date;
  finishedAt: Date | null;
  /** When it was last run in whichever direction: the newest of these is what happened last. */
  executedAt: Date;
  durationMs: number | null;
  by: string;
  host: string;
  release: number | null;
  /** The token of the lock under which it was run: nobody with another one may end this record. */
  token: number;
  error: string | null;
  /** Whether a part of its work may be there: never of one that runs in a transaction. */
  partial: boolean;
  cursors: BackfillCursor[];
  /** The commit of the checkout that ran it, where there was one. */
  commit: string | null;
  /** The last lines that it logged. */
  log: string[];
  /** The collections that it wrote to. */
  touched: string[];
  /** Older versions of its phase that were pending when it was run alone. */
  holes: string[];
  /** Whether what its documents were before is kept; "beyond" when that were too many. */
  preImages: "none" | "kept" | "beyond";
  /** Whose changelog it was taken over from. */
  adopted: string | null;
}

/**
 * Whether the change is in the database. What was stopped on its way down in a transaction was rolled back and still is;
 * outside of one it is half-gone and must be run again in either direction.
 */
export function isApplied(record: JournalRecord): boolean {
  return (
    record.state === "applied" || (isUnfinished(record) && record.direction === "down" && record.transaction)
  );
}

/** Whether a run stopped on the way and may have left a part of its work. */
export function isHalfDone(record: JournalRecord): boolean {
  return isUnfinished(record) && record.partial;
}

function isUnfinished(record: JournalRecord): boolean {
  return record.state === "running" || record.state === "failed";
}

/** The newest version in effect, or null for an empty schema. */
export function schemaVersionOf(records: JournalRecord[]): string | null {
  return (
    records
      .filter(isApplied)
      .map(({ version }) => version)
      .sort()
      .at(-1) ?? null
  );
}
