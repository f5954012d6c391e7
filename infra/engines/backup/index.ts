import type { BackupEstimate } from "./estimate";
import type { ArchiveSummary } from "./manifest";
import type { Restored, RestoreWanted } from "./restore";
import type { BackupWanted } from "./take-backup";
import type { StorePlace } from "./catalog";
import type { DatabaseAddress } from "../../drivers/mongo";
import type { ReadOptions } from "./verify";
import type { RekeyWanted } from "./rekey";

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
export type { BackupWanted } from "./take-backup";
export type { ReadOptions } from "./verify";
export type { RekeyWanted } from "./rekey";
export type { ArchiveEncryption, DecryptionKeys, EncryptionWanted } from "./encryption";

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

/** Puts an archive into a database; it is read to its end before anything is touched. */
export function restoreArchive(wanted: RestoreWanted): Promise<Restored> {
  return (require("./restore") as typeof import("./restore")).restoreArchive(wanted);
}

/** Gives an archive to other readers: a new header before the same encrypted data. */
export function rekeyArchive(wanted: RekeyWanted): Promise<ArchiveSummary> {
  return (require("./rekey") as typeof import("./rekey")).rekeyArchive(wanted);
}
