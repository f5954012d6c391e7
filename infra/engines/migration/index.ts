export type { Migration, MigrationDirection, MigrationPhase } from "./migration";
export type {
  Backfill,
  BackfillResult,
  EstimateContext,
  IndexKey,
  MigrationContext,
  MigrationEstimate,
  MigrationHelpers,
} from "./migration-context";
export {
  planMigrations,
  validateMigrations,
  type MigrationPlan,
  type MigrationsAt,
  type PlannedMigration,
} from "./plan";
export { migrationStatus, type MigrationStatus, type MigrationStatusRow } from "./status";
export { runMigrations, type RunBase, type RunOptions, type RunResult } from "./run";
export { downMigrations, type DownOptions } from "./down";
export { migrateTo, type ToOptions } from "./to";
export { reviewMigrations, type MigrationReview, type ReviewPolicy, type RiskFinding } from "./review";
export type { RiskRule } from "./risk-rules";
export { adoptChangelog, type Adopted, type AdoptOptions } from "./adopt";
export { changelogTools, type ChangelogTool } from "./changelog";
export { repairMigrations, type Repaired } from "./repair";
export { migrationsLock, unlockMigrations, type LockHolder } from "./unlock";
export type { FailurePolicy } from "./failed-run";
export type { SchemaRange } from "./problems";
export type { LockOptions } from "./lease";
export {
  DependencyMissingError,
  ForeignJournalError,
  IrreversibleError,
  LockLostError,
  MigrationFailedError,
  MigrationMisuseError,
  MigrationTimeoutError,
  MigrationsLockedError,
  MigrationsRefusedError,
  NewerMigrationJournalError,
  NothingToAdoptError,
  TrialLimitError,
  UnknownVersionError,
} from "./errors";
export {
  onLiveWarning,
  tryMigrations,
  tryOnLive,
  type CollectionChange,
  type Sampled,
  type Trial,
  type TrialOptions,
  type TriedMigration,
} from "./trial";
