import type { ClientSession, CollectionOptions, CreateIndexesOptions, Db, Document, Filter } from "mongodb";

/** What a migration works with. */
export interface MigrationContext {
  /** The app's database. Each command of it carries the session, and stops when the run has to. */
  db: Db;
  /** The transaction's session; undefined where there is no transaction. */
  session: ClientSession | undefined;
  /** Shows as progress of this migration; the last lines stay in its record. */
  log(message: string): void;
  /** Fires when the run is interrupted, out of time, or has lost its lock. */
  signal: AbortSignal;
  helpers: MigrationHelpers;
}

/** What an estimate works with: a database that refuses every write. */
export type EstimateContext = Pick<MigrationContext, "db" | "signal">;

/** How much a migration has to do, as far as it can tell. */
export interface MigrationEstimate {
  documents?: number;
  /** e.g. "3m". */
  duration?: string;
  note?: string;
}

/** Changes that bear being repeated, and need no index of their own. */
export interface MigrationHelpers {
  /** Creates the collection unless it is there. Not in a transaction. */
  ensureCollection(name: string, options?: CollectionOptions): Promise<void>;
  /** Drops the collection if it is there and empty; refuses to drop documents. Not in a transaction. */
  removeEmptyCollection(name: string): Promise<void>;
  /** Creates the index unless it is there; refuses when another one has its name. Not in a transaction. */
  ensureIndex(collection: string, key: IndexKey, options?: CreateIndexesOptions): Promise<void>;
  /** Drops the index of this key if it is there. Not in a transaction. */
  removeIndex(collection: string, key: IndexKey): Promise<void>;
  /** Sets what the collection's documents must satisfy; null lets everything pass. Not in a transaction. */
  ensureValidator(collection: string, validator: Document | null): Promise<void>;
  /** Renames a field in every document that has it; a document that has the new name already stays as it is. */
  renameField(
    collection: string,
    from: string,
    to: string,
    pace?: Pick<Backfill, "batchSize" | "perSecond" | "pace">,
  ): Promise<BackfillResult>;
  /**
   * Updates the documents that match, batch by batch in the order of `_id`. Outside a transaction each batch commits
   * together with its place, so that a run that was stopped goes on there and changes no document twice.
   */
  backfill(collection: string, change: Backfill): Promise<BackfillResult>;
}

export type IndexKey = Record<string, 1 | -1>;

export interface Backfill {
  /** Which documents; all of them when left out. */
  filter?: Filter<Document>;
  update: Document | Document[];
  /** How many documents one batch looks at; defaults to 500. */
  batchSize?: number;
  /** At most so many documents looked at in a second; defaults to no limit. */
  perSecond?: number;
  /** Gentle pauses after each batch as others need the server; full speed never does. Defaults to gentle. */
  pace?: "gentle" | "full";
}

export interface BackfillResult {
  /** How many documents matched, in this run and in the one that it goes on from. */
  documents: number;
}
