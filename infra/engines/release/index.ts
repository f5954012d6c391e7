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
export { NewerJournalError, ReleaseTakenError } from "./errors";
export { releaseSchema, type Image, type Release } from "./release";
export {
  differencesOf,
  durationOf,
  schemaOf,
  summaryOf,
  type ReleaseDifference,
  type ReleaseSummary,
} from "./report";
