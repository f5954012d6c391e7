export {
  collectionsAsked,
  reviewMigrations,
  type MigrationReview,
  type ReviewPolicy,
  type RiskFinding,
} from "./review";
