export type {
  Backfill,
  BackfillResult,
  IndexKey,
  Migration,
  MigrationContext,
  MigrationDirection,
  MigrationHelpers,
  MigrationPhase,
} from "./migration";
export {
  planMigrations,
  validateMigrations,
  type MigrationPlan,
  type MigrationsAt,
  type PlannedMigration,
} from "./plan";
export { migrationStatus, type MigrationStatus, type MigrationStatusRow } from "./status";
export { runMigrations, type RunOptions, type RunResult } from "./run";
export { downMigrations, type DownOptions } from "./down";
export type { LockOptions } from "./lease";
export {
  ForeignJournalError,
  IrreversibleError,
  LockLostError,
  MigrationFailedError,
  MigrationMisuseError,
  MigrationTimeoutError,
  MigrationsLockedError,
  MigrationsRefusedError,
  NewerMigrationJournalError,
} from "./errors";
