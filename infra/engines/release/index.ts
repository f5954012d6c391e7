export { planRelease } from "./plan";
export type {
  ExpectedArchive,
  MigrationState,
  Observers,
  PendingMigration,
  PlanPolicy,
  ReleasePlan,
} from "./plan";
import { carriedAt, carriedWithDatabase } from "../../drivers/outpost";
import * as journal from "./journal";
import * as overrides from "./overrides";
import { passedWith as passedWithHere } from "./passed";
import * as quarantine from "./quarantine";
import { writesSince as writesSinceHere } from "./writes-since";

/** What is asked of the journal at every step: each in one go, wherever the database is. */
export const {
  beatRelease,
  beginRelease,
  endRelease,
  findRelease,
  finishRelease,
  listReleases,
  newestDone,
  newestRelease,
  recordStep,
  passedWith,
} = carriedWithDatabase({
  beatRelease: journal.beatRelease,
  beginRelease: journal.beginRelease,
  endRelease: journal.endRelease,
  findRelease: journal.findRelease,
  finishRelease: journal.finishRelease,
  listReleases: journal.listReleases,
  newestDone: journal.newestDone,
  newestRelease: journal.newestRelease,
  recordStep: journal.recordStep,
  passedWith: passedWithHere,
});
export const { listQuarantine, quarantineImage, releaseImage, endRest, machinesOverride } =
  carriedWithDatabase({
    listQuarantine: quarantine.listQuarantine,
    quarantineImage: quarantine.quarantineImage,
    releaseImage: quarantine.releaseImage,
    endRest: overrides.endRest,
    machinesOverride: overrides.machinesOverride,
  });
export type { ReleaseBeginning, ReleaseDetails } from "./journal";
export { refuseQuarantined, type Quarantined } from "./quarantine";
export { mergeReleases, missingNumbers, releaseInState, releasesInHistory } from "./history";
export { holdVariable, planHeld } from "./held-plan";
export { readPassed, tellPassed, type PassedRelease } from "./passed";
export { planOrdered } from "./ordered-plan";
export { clearMachinesOverride, overrideMachines, type MachinesOverride } from "./overrides";
export { adviseRollback, slowFrom, type LiveFigures, type RollbackAdvice } from "./rollback-advice";
export type { AppliedMigration, KnownArchive, RollbackFacts, RollbackWish } from "./rollback-facts";
export { restoreOnce, type RestoreOnce } from "./rollback-key";
export type { Obstacle } from "./rollback-obstacles";
export {
  detailsOf,
  directionOf,
  orderEnvironment,
  orderVariable,
  readOrder,
  restoreOf,
  type Direction,
  type RollbackOrder,
} from "./rollback-order";
export { baseEnvironment, readBase, restoreOfBase, type BaseArchive } from "./base-archive";
export {
  acceptLoss,
  beginRecovery,
  endRecovery,
  noteRecovery,
  openRecovery,
  type Recovery,
} from "./recovery";
export { changedImage } from "./rollback-duration";
export { planRollback, type RollbackPlan } from "./rollback-plan";
export { runningRelease } from "./rollback-target";
export const writesSince = carriedAt("writesSince", writesSinceHere);
export type { ClusterMoment } from "./writes-since";
export { writeDownLost, type RememberedRelease } from "./lost-releases";
export {
  JournalBehindError,
  MoreWouldBeLostError,
  NewerJournalError,
  QuarantinedImageError,
  ReleaseTakenError,
} from "./errors";
export { releaseSchema, type Image, type Release } from "./release";
export {
  differencesOf,
  durationOf,
  schemaOf,
  summaryOf,
  type ReleaseDifference,
  type ReleaseSummary,
} from "./report";
