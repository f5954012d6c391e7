export { onLiveWarning, tryOnLive } from "./on-live";
export type { CollectionChange, Observed } from "./observed";
export { describeTrial } from "./report";
export type { Sampled } from "./sample";
export { removeAbandonedTrials } from "./trial-folders";
export { tryMigrations, type Trial, type TrialOptions, type TriedMigration } from "./trial";
