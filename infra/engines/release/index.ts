export { planRelease } from "./plan";
export type {
  ExpectedArchive,
  MigrationState,
  Observers,
  PendingMigration,
  PlanPolicy,
  ReleasePlan,
} from "./plan";
export {
  beatRelease,
  beginRelease,
  endRelease,
  findRelease,
  finishRelease,
  listReleases,
  newestDone,
  newestRelease,
  recordStep,
  type ReleaseBeginning,
  type ReleaseDetails,
} from "./journal";
export {
  listQuarantine,
  quarantineImage,
  refuseQuarantined,
  releaseImage,
  type Quarantined,
} from "./quarantine";
export { mergeReleases, missingNumbers, releaseInState, releasesInHistory } from "./history";
export { holdVariable, planHeld } from "./held-plan";
export { passedWith, readPassed, tellPassed, type PassedRelease } from "./passed";
export { planOrdered } from "./ordered-plan";
export {
  clearMachinesOverride,
  endRest,
  machinesOverride,
  overrideMachines,
  type MachinesOverride,
} from "./overrides";
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
export { writesSince, type ClusterMoment } from "./writes-since";
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
