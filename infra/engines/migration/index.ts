import type { DatabaseAddress } from "../../drivers/mongo";
import { carriedAt, carriedOut } from "../../drivers/outpost";
import type { Adopted, AdoptOptions } from "./adopt";
import type { DownOptions } from "./down";
import { MigrationFailedError } from "./errors";
import type { MigrationPlan, MigrationsAt } from "./plan";
import type { Repaired, RepairOptions } from "./repair";
import type { MigrationReview, ReviewPolicy } from "./review";
import type { RunOptions, RunResult } from "./run";
import type { MigrationStatus } from "./status";
import type { ToOptions } from "./to";
import type { Trial, TrialOptions } from "./trial";
import type { LockAt, LockHolder } from "./unlock";
import type { FolderValidation } from "./validate";
import type { WayBack } from "./ways-back";

export type { Adopted, AdoptOptions } from "./adopt";
export type { ChangelogTool } from "./changelog";
export type { DownOptions } from "./down";
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
  NoArchiveToRestoreError,
  NothingToAdoptError,
  TrialLimitError,
  UnknownVersionError,
} from "./errors";
export type { FailurePolicy } from "./failed-run";
export type { LockOptions } from "./lease";
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
export type { MigrationPlan, MigrationsAt, PlannedMigration } from "./plan";
export type { MigrationRules, SchemaRange } from "./problems";
export type { Repaired, RepairOptions } from "./repair";
export type { MigrationReview, ReviewPolicy, RiskFinding } from "./review";
export type { RiskRule } from "./risk-rules";
export type { RunBase, RunOptions, RunResult } from "./run";
export type { MigrationStatus, MigrationStatusRow } from "./status";
export type { ToOptions } from "./to";
export type { CollectionChange, Sampled, Trial, TrialOptions, TriedMigration } from "./trial";
export type { LockHolder } from "./unlock";
export type { WayBack } from "./ways-back";

/** All but the trials needs the folder's files and the database, and is done where that one is. */
const here = {
  at: ({ address }: { address: DatabaseAddress | null }) => address,
  folders: ["folder"],
  errors: [MigrationFailedError],
};

// A preview and a status only look: each part is loaded when it is used.

/** Says what would run and what stands in its way. Reads only. */
export const planMigrations = carriedOut(
  "planMigrations",
  (at: MigrationsAt & { estimates?: boolean }): Promise<MigrationPlan> =>
    (require("./plan") as typeof import("./plan")).planMigrations(at),
  here,
);

/** Every migration that the folder or the journal knows, by version. Reads only. */
export const migrationStatus = carriedOut(
  "migrationStatus",
  (at: MigrationsAt): Promise<MigrationStatus> =>
    (require("./status") as typeof import("./status")).migrationStatus(at),
  here,
);

/** Checks a folder without any database: names, versions, exports, dependencies. */
export function validateMigrations(folder: string): FolderValidation {
  return (require("./validate") as typeof import("./validate")).validateMigrations(folder);
}

/** The same, and what is risky in each migration: what breaks old code, finds no index or has no end. */
export function reviewMigrations(folder: string, policy?: ReviewPolicy): Promise<MigrationReview> {
  return (require("./review") as typeof import("./review")).reviewMigrations(folder, policy);
}

/** Brings the schema up: refuses what is not right before it touches anything, then runs each pending migration once. */
export const runMigrations = carriedOut(
  "runMigrations",
  (options: RunOptions): Promise<RunResult> =>
    (require("./run") as typeof import("./run")).runMigrations(options),
  here,
);

/** Takes the newest migrations back, the newest first; refuses before the first when one of them has no way back. */
export const downMigrations = carriedOut(
  "downMigrations",
  (options: DownOptions): Promise<RunResult> =>
    (require("./down") as typeof import("./down")).downMigrations(options),
  here,
);

/** Every migration in effect by version, each with whether it can be taken back. Reads only. */
export const waysBack = carriedOut(
  "waysBack",
  (at: MigrationsAt): Promise<WayBack[]> =>
    (require("./ways-back") as typeof import("./ways-back")).waysBack(at),
  here,
);

/** Brings the schema to a version from either side. */
export const migrateTo = carriedOut(
  "migrateTo",
  (options: ToOptions): Promise<RunResult> => (require("./to") as typeof import("./to")).migrateTo(options),
  here,
);

/** Really runs what is pending, on a database of its own that is removed afterwards. */
export function tryMigrations(options: TrialOptions): Promise<Trial> {
  return (require("./trial") as typeof import("./trial")).tryMigrations(options);
}

/** Tries what is pending in a transaction of the live database that is aborted; whoever asks must have read the warning. */
export function tryOnLive(options: RunOptions): Promise<Trial> {
  return (require("./trial") as typeof import("./trial")).tryOnLive(options);
}

/** Ends and removes what killed trials have left on this machine. */
export function removeAbandonedTrials(): Promise<void> {
  return (require("./trial") as typeof import("./trial")).removeAbandonedTrials();
}

/** What a trial has shown, for people. */
export function describeTrial(trial: Trial): string {
  return (require("./trial") as typeof import("./trial")).describeTrial(trial);
}

/** What others notice of a trial on the live database. */
export function onLiveWarning(): string {
  return (require("./trial") as typeof import("./trial")).onLiveWarning;
}

/** Accepts deliberately that files of applied migrations were changed since. */
export const repairMigrations = carriedOut(
  "repairMigrations",
  (options: RepairOptions): Promise<Repaired[]> =>
    (require("./repair") as typeof import("./repair")).repairMigrations(options),
  here,
);

/** Takes over what migrate-mongo or ts-migrate-mongoose has applied. */
export function adoptChangelog(options: AdoptOptions): Promise<Adopted> {
  return (require("./adopt") as typeof import("./adopt")).adoptChangelog(options);
}

/** The migrations of a folder by version, each with the beginning of its file's checksum. */
export function checksumsOf(folder: string): Record<string, string> {
  return (require("./checksums") as typeof import("./checksums")).checksumsOf(folder);
}

/** The same of the migrations in effect in a database. Reads only. */
export const checksumsIn = carriedAt("checksumsIn", ((...wanted) =>
  (require("./checksums") as typeof import("./checksums")).checksumsIn(
    ...wanted,
  )) as typeof import("./checksums").checksumsIn);

/** Who holds the lock, or null. Reads only. */
export function migrationsLock(at: LockAt): Promise<LockHolder | null> {
  return (require("./unlock") as typeof import("./unlock")).migrationsLock(at);
}

/** Takes the lock from the one who was seen to hold it; null when that one has it no more. */
export function unlockMigrations(at: LockAt & { owner: string }): Promise<LockHolder | null> {
  return (require("./unlock") as typeof import("./unlock")).unlockMigrations(at);
}
