import type { ClientSession, CollectionOptions, CreateIndexesOptions, Db, Document, Filter } from "mongodb";

/** Expand runs before the new code is deployed and leaves the old code working; contract runs after its verification. */
export type MigrationPhase = "expand" | "contract";

export type MigrationDirection = "up" | "down";

/** One file of the migrations folder, as its default export (or as exports of these names). */
export interface Migration {
  /** The fourteen digits that the file's name begins with. */
  version: string;
  description: string;
  up(context: MigrationContext): Promise<void>;
  /** Takes `up` back. Without it the file must say why there is none. */
  down?(context: MigrationContext): Promise<void>;
  /** Why this cannot be undone. */
  irreversible?: string;
  /**
   * Defaults to true: the change and its record in the journal commit together or not at all. False is for what no
   * transaction can hold (indexes, validators, big moves): `up` and `down` must then bear being run on half-done work.
   */
  transaction?: boolean;
  /** e.g. "10m". Defaults to 50 seconds in a transaction, which a server ends after 60, and to 10 minutes outside. */
  timeout?: string;
  /** Defaults to expand. */
  phase?: MigrationPhase;
  /** Looks whether `up` did what it should, before it is recorded as applied; throws when it did not. */
  verify?(context: MigrationContext): Promise<void>;
}

/** What a migration works with. */
export interface MigrationContext {
  /** The app's database. Each command of it carries the session, and stops when the run has to. */
  db: Db;
  /** The transaction's session; undefined where there is no transaction. */
  session: ClientSession | undefined;
  /** Shows as progress of this migration. */
  log(message: string): void;
  /** Fires when the run is interrupted, out of time, or has lost its lock. */
  signal: AbortSignal;
  helpers: MigrationHelpers;
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
  renameField(collection: string, from: string, to: string): Promise<BackfillResult>;
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
  /** Defaults to 500. */
  batchSize?: number;
}

export interface BackfillResult {
  /** How many documents matched, in this run and in the one that it goes on from. */
  documents: number;
}
