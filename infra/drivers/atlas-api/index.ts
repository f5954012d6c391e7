export type {
  AccessCalls,
  AccessWish,
  AccountCalls,
  AtlasApi,
  AtlasLimit,
  AtlasRole,
  CallOptions,
  SnapshotCalls,
  SnapshotWish,
} from "./contract";
export { ensureAccess, endAccess, type AccessOptions, type AccessWanted, type HeldAccess } from "./access";
export { atlasCredentials, type AtlasCredentials } from "./credentials";
export {
  AtlasCallerRefused,
  AtlasCredentialsWrong,
  AtlasError,
  AtlasNotFound,
  AtlasRefused,
  AtlasRightMissing,
  AtlasUnavailable,
  RateLimited,
  TierWithoutSnapshots,
  UnexpectedAnswer,
  UnknownOutcome,
} from "./errors";
export { atlasApiOf, openAtlasApi, type AtlasApiOptions } from "./open-atlas-api";
export { ownAddress } from "./own-address";
export type { AccessEntry, AccessState, AtlasCluster, AtlasProject, AtlasSnapshot } from "./schemas";
export { startSnapshot, type ClusterName } from "./start-snapshot";
