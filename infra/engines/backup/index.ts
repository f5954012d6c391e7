export { findArchive, listArchives } from "./catalog";
export {
  ArchiveDamagedError,
  ArchiveMissingError,
  DatabaseChangedError,
  DatabaseNotEmptyError,
} from "./errors";
export { estimateBackup } from "./estimate";
export type { ArchiveSummary, Manifest } from "./manifest";
export { restoreArchive, type Restored, type RestoreWanted } from "./restore";
export { takeBackup, type BackupWanted } from "./take-backup";
export { verifyArchive } from "./verify";
