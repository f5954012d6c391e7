export { differencesOf, schemaOf, type ReleaseDifference } from "./difference";
export { durationOf, summaryOf, type ReleaseSummary } from "./summary";
