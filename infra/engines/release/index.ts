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
  beginRelease,
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
export { NewerJournalError, QuarantinedImageError, ReleaseTakenError } from "./errors";
export { releaseSchema, type Image, type Release } from "./release";
