import type { BackupEstimate } from "./estimate";
import type { ArchiveSummary } from "./manifest";
import type { Restored, RestoreWanted } from "./restore";
import type { BackupWanted } from "./take-backup";
import type { StorePlace } from "./catalog";
import type { DatabaseAddress } from "../../drivers/mongo";
import type { ReadOptions } from "./verify";

export { findArchive, listArchives, type ArchiveFilter, type StorePlace } from "./catalog";
export {
  ArchiveDamagedError,
  ArchiveMissingError,
  ArchiveNewerError,
  CollectionsChangedError,
  DatabaseNotEmptyError,
  RestoreIncompleteError,
  RestoreNotPermittedError,
} from "./errors";
export type { BackupEstimate } from "./estimate";
export type { ArchiveSummary, Manifest } from "./manifest";
export type { Restored, RestoreWanted } from "./restore";
export type { AnonymiseRules } from "./restore/anonymise";
export type { NamespaceWanted } from "./restore/namespaces";
export type { ArchiveSource } from "./restore/source";
export type { RestoreSettled, RestoreState, SettleOptions } from "./restore/state";
export type { BackupWanted } from "./take-backup";
export type { ReadOptions } from "./verify";

// A preview only asks what the store has and how large an archive would be: the rest is loaded when it is used.

/** What an archive would hold, as the server's own counters say it; nothing is read. */
export function estimateBackup(address: DatabaseAddress): Promise<BackupEstimate> {
  return (require("./estimate") as typeof import("./estimate")).estimateBackup(address);
}

/** Takes an archive of a database and reads it again before calling it one. */
export function takeBackup(wanted: BackupWanted): Promise<ArchiveSummary> {
  return (require("./take-backup") as typeof import("./take-backup")).takeBackup(wanted);
}

/** Reads a whole archive and holds everything that its manifest says against what is there; throws at the first difference. */
export function verifyArchive(
  place: StorePlace,
  id: string,
  options: ReadOptions = {},
): Promise<ArchiveSummary> {
  return (require("./verify") as typeof import("./verify")).verifyArchive(place, id, options);
}

/** Puts an archive into a database: beside what stands there until all of it is whole, then in its place. */
export function restoreArchive(wanted: RestoreWanted): Promise<Restored> {
  return (require("./restore") as typeof import("./restore")).restoreArchive(wanted);
}

/** Every restore of a database that left something or can still be undone. */
export const restoreState: typeof import("./restore/state").restoreState = (...wanted) =>
  (require("./restore/state") as typeof import("./restore/state")).restoreState(...wanted);

/** Drops the old collections that restores kept. */
export const confirmRestore: typeof import("./restore/state").confirmRestore = (...wanted) =>
  (require("./restore/state") as typeof import("./restore/state")).confirmRestore(...wanted);

/** Puts the collections back that the last restore replaced. */
export const undoRestore: typeof import("./restore/state").undoRestore = (...wanted) =>
  (require("./restore/state") as typeof import("./restore/state")).undoRestore(...wanted);

/** Reads a file of rules for what must not be in a copy. */
export const readAnonymiseRules: typeof import("./restore/anonymise").readRules = (...wanted) =>
  (require("./restore/anonymise") as typeof import("./restore/anonymise")).readRules(...wanted);
