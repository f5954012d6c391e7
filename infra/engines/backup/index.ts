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
export { estimateBackup, type BackupEstimate } from "./estimate";
export type { ArchiveSummary, Manifest } from "./manifest";
export { restoreArchive, type Restored, type RestoreWanted } from "./restore";
export { takeBackup, type BackupWanted } from "./take-backup";
export { verifyArchive, type ReadOptions } from "./verify";
