import type { BackupEstimate } from "./estimate";
import type { ArchiveSummary } from "./manifest";
import type { Restored, RestoreWanted } from "./restore";
import type { BackupWanted } from "./take-backup";
import type { StorePlace } from "./catalog";
import type { DatabaseAddress } from "../../drivers/mongo";
import { carriedAt, carriedOut } from "../../drivers/outpost";
import { isFarStore } from "../../drivers/store";
import type { ReadOptions } from "./verify";
import type { PruneResult, PruneWanted } from "./prune";
import type { RekeyWanted } from "./rekey";

export type { ArchiveCopy, CopiesWanted } from "./copies/copy-archives";
export { findArchive, listArchives, type ArchiveFilter, type StorePlace } from "./catalog";
export {
  ArchiveDamagedError,
  ArchiveMissingError,
  ArchiveNewerError,
  CollectionsChangedError,
  DatabaseNotEmptyError,
  RestoreIncompleteError,
  RestoreNotPermittedError,
  RestoreTestError,
} from "./errors";
export type { DescribedArchive, ListedArchive } from "./described";
export type { BackupEstimate } from "./estimate";
export type { ArchiveSummary, Manifest } from "./manifest";
export type { PlacedHold } from "./holds";
export type { ArchiveHold, ArchiveVerification } from "./marks";
export type { Proof, Proven } from "./prove";
export type { CatalogComparison } from "./copies/compare-catalog";
export type { ComparedStore, HeldArchive, StoresComparison } from "./copies/compare-stores";
export type { ArchiveReference } from "./reference";
export type { Restored, RestoreWanted } from "./restore";
export type { CollectionsWanted } from "./restore-collections";
export { parseSchedule, viewSchedule, type DailySchedule, type ScheduleView } from "./schedule";
export type { AnonymiseRules } from "./restore/anonymise";
export type { NamespaceWanted } from "./restore/namespaces";
export type { ArchiveSource } from "./restore/source";
export type { RestoreSettled, RestoreState, SettleOptions } from "./restore/state";
export type { SnapshotStarter } from "./provider-snapshot";
export type { BackupWanted } from "./take-backup";
export type { ReadOptions } from "./verify";
export type { PruneResult, PruneWanted, Pruned } from "./prune";
export { recoveryPromise, type RecoveryFacts, type RecoveryPromise } from "./recovery-promise";
export type { RekeyWanted } from "./rekey";
export {
  decideRetention,
  type KeptArchive,
  type RetentionDecision,
  type RetentionInput,
  type RetentionRules,
} from "./retention";
export type { ArchiveEncryption, DecryptionKeys, EncryptionWanted } from "./encryption";

// A preview only asks what the store has and how large an archive would be: the rest is loaded when it is used.

/** What an archive would hold, as the server's own counters say it; nothing is read. */
export const estimateBackup = carriedOut(
  "estimateBackup",
  (address: DatabaseAddress): Promise<BackupEstimate> =>
    (require("./estimate") as typeof import("./estimate")).estimateBackup(address),
  { at: (address) => address },
);

/** Takes an archive of a database and reads it again before calling it one. */
export const takeBackup = carriedOut(
  "takeBackup",
  (wanted: BackupWanted): Promise<ArchiveSummary> =>
    (require("./take-backup") as typeof import("./take-backup")).takeBackup(wanted),
  { at: ({ address, store }) => (isFarStore(store) ? address : undefined) },
);

/** Begins the snapshot of a cluster at Atlas that goes with an archive. */
export const atlasSnapshot: typeof import("./atlas-snapshot").atlasSnapshot = (...wanted) =>
  (require("./atlas-snapshot") as typeof import("./atlas-snapshot")).atlasSnapshot(...wanted);

/** Reads a whole archive and holds everything that its manifest says against what is there; throws at the first difference. */
export function verifyArchive(
  place: StorePlace,
  id: string,
  options: ReadOptions = {},
): Promise<ArchiveSummary> {
  return (require("./verify") as typeof import("./verify")).verifyArchive(place, id, options);
}

/** Puts an archive into a database: beside what stands there until all of it is whole, then in its place. */
export const restoreArchive = carriedOut(
  "restoreArchive",
  (wanted: RestoreWanted): Promise<Restored> =>
    (require("./restore") as typeof import("./restore")).restoreArchive(wanted),
  {
    // What an outpost keeps in a folder of its own goes with it, and a safety archive must not.
    at: (wanted) =>
      "store" in wanted && [wanted.store, wanted.safetyStore ?? wanted.store].every(isFarStore)
        ? wanted.to
        : undefined,
  },
);

/** Throws where an archive is not there or these keys do not open it. */
export const requireRestorable: typeof import("./restore-collections").requireRestorable = (wanted) =>
  (require("./restore-collections") as typeof import("./restore-collections")).requireRestorable(wanted);

/** Puts collections back as an archive has them, and drops those that it does not have; no other one is touched. */
export const restoreCollections = carriedOut(
  "restoreCollections",
  ((wanted) =>
    (require("./restore-collections") as typeof import("./restore-collections")).restoreCollections(
      wanted,
    )) as typeof import("./restore-collections").restoreCollections,
  { at: ({ store, to }) => (isFarStore(store) ? to : undefined) },
);

/** Gives an archive to other readers: a new header before the same encrypted data. */
export function rekeyArchive(wanted: RekeyWanted): Promise<ArchiveSummary> {
  return (require("./rekey") as typeof import("./rekey")).rekeyArchive(wanted);
}

/** Brings an archive into another store, where it counts once every byte of it was compared. */
export const copyArchive: typeof import("./copies/copy-archive").copyArchive = (...wanted) =>
  (require("./copies/copy-archive") as typeof import("./copies/copy-archive")).copyArchive(...wanted);

/** Makes the copies that are missing in the other stores; one that fails is told and stops none of the others. */
export const copyArchives: typeof import("./copies/copy-archives").copyArchives = (...wanted) =>
  (require("./copies/copy-archives") as typeof import("./copies/copy-archives")).copyArchives(...wanted);

/** The same, remembered in the catalog of the database. */
export const copyAndRecord: typeof import("./copies/copy-and-record").copyAndRecord = (...wanted) =>
  (require("./copies/copy-and-record") as typeof import("./copies/copy-and-record")).copyAndRecord(...wanted);

/** Proves an archive, writes down beside it what was found, and lets `latest` follow; throws when it is not whole. */
export const proveArchive: typeof import("./prove").proveArchive = (...wanted) =>
  (require("./prove") as typeof import("./prove")).proveArchive(...wanted);

/** The good archives of a store with their verifications and holds, newest first. */
export const listDescribed: typeof import("./described").listDescribed = (...wanted) =>
  (require("./described") as typeof import("./described")).listDescribed(...wanted);

/** How long a server keeps what was, and how long its newest archive took. */
export const historyKept: typeof import("./history-kept").historyKept = (...wanted) =>
  (require("./history-kept") as typeof import("./history-kept")).historyKept(...wanted);

/** All that is known of one archive. */
export const describeArchive: typeof import("./described").describeArchive = (...wanted) =>
  (require("./described") as typeof import("./described")).describeArchive(...wanted);

/** Keeps retention from an archive, for a reason. */
export const holdArchive: typeof import("./holds").holdArchive = (...wanted) =>
  (require("./holds") as typeof import("./holds")).holdArchive(...wanted);

/** Leaves an archive to retention again. */
export const releaseHold: typeof import("./holds").releaseHold = (...wanted) =>
  (require("./holds") as typeof import("./holds")).releaseHold(...wanted);

/** The store and the id that a person's word for an archive means. */
export const resolveReference: typeof import("./reference").resolveReference = (...wanted) =>
  (require("./reference") as typeof import("./reference")).resolveReference(...wanted);

/** Remembers an archive in `<database>_ops`. */
export const recordArchive = carriedAt("recordArchive", ((...wanted) =>
  (require("./record") as typeof import("./record")).recordArchive(
    ...wanted,
  )) as typeof import("./record").recordArchive);

/** Remembers there what was found by those who looked at an archive later. */
export const recordVerifications = carriedAt("recordVerifications", ((...wanted) =>
  (require("./record") as typeof import("./record")).recordVerifications(
    ...wanted,
  )) as typeof import("./record").recordVerifications);

/** What opens archives, as an environment names it. */
export const readKeys: typeof import("./encryption").readKeys = (...wanted) =>
  (require("./encryption") as typeof import("./encryption")).readKeys(...wanted);

/** The public keys that belong to private ones. */
export const recipientsOf: typeof import("./encryption").recipientsOf = (...wanted) =>
  (require("./encryption") as typeof import("./encryption")).recipientsOf(...wanted);

/** Takes archives that retention has deleted out of the catalog. */
export const forgetArchives = carriedAt("forgetArchives", ((...wanted) =>
  (require("./record") as typeof import("./record")).forgetArchives(
    ...wanted,
  )) as typeof import("./record").forgetArchives);

/** Remembers how copying went, in the catalog of the database. */
export const recordCopies = carriedAt("recordCopies", ((...wanted) =>
  (require("./record") as typeof import("./record")).recordCopies(
    ...wanted,
  )) as typeof import("./record").recordCopies);

/** Holds all stores against each other, and the catalog in `<database>_ops` against them. */
export const compareStores: typeof import("./copies/compare-stores").compareStores = (...wanted) =>
  (require("./copies/compare-stores") as typeof import("./copies/compare-stores")).compareStores(...wanted);

/** How long an archive of so many bytes takes, going by the newest ones; null without any. */
export const expectedDuration: typeof import("./past-rate").expectedDuration = (...wanted) =>
  (require("./past-rate") as typeof import("./past-rate")).expectedDuration(...wanted);

/** Deletes what retention no longer keeps, or says what it would delete, each archive with its reasons. */
export function pruneArchives(wanted: PruneWanted): Promise<PruneResult> {
  return (require("./prune") as typeof import("./prune")).pruneArchives(wanted);
}
/** Every restore of a database that left something or can still be undone. */
export const restoreState = carriedAt("restoreState", ((...wanted) =>
  (require("./restore/state") as typeof import("./restore/state")).restoreState(
    ...wanted,
  )) as typeof import("./restore/state").restoreState);

/** Drops the old collections that restores kept. */
export const confirmRestore = carriedAt("confirmRestore", ((...wanted) =>
  (require("./restore/state") as typeof import("./restore/state")).confirmRestore(
    ...wanted,
  )) as typeof import("./restore/state").confirmRestore);

/** Puts the collections back that the last restore replaced. */
export const undoRestore = carriedAt("undoRestore", ((...wanted) =>
  (require("./restore/state") as typeof import("./restore/state")).undoRestore(
    ...wanted,
  )) as typeof import("./restore/state").undoRestore);

/** Reads a file of rules for what must not be in a copy. */
export const readAnonymiseRules: typeof import("./restore/anonymise").readRules = (...wanted) =>
  (require("./restore/anonymise") as typeof import("./restore/anonymise")).readRules(...wanted);
