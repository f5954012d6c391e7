export type {
  AddressCalls,
  AppCalls,
  CallOptions,
  CertificateCalls,
  FlyApi,
  GuardedOptions,
  LeaseCalls,
  LogCalls,
  LogPage,
  MachineCalls,
  MachineFilter,
  PlatformCalls,
  ReleaseCalls,
  SecretCalls,
  StopOptions,
  VolumeCalls,
  WaitWish,
} from "./contract";
export { addressTypes, type AddressType, type AddressWish, type FlyAddress } from "./schemas/address";
export type { AppCreation, FlyAppView, FlyRegion, Placement, PlacementQuestion } from "./schemas/fly-app";
export type { CertificateSummary, FlyCertificate } from "./schemas/certificate";
export type {
  MachineCheck,
  MachineConfig,
  MachineFile,
  MachineGuest,
  MachineMount,
  MachineService,
} from "./schemas/config";
export { configSchema } from "./schemas/config";
export type { HeldLease, Lease } from "./schemas/lease";
export {
  finalStates,
  restingStates,
  type CheckStatus,
  type Executed,
  type FlyMachine,
  type MachineChange,
  type MachineCreation,
  type MachineEvent,
  type MachineProcess,
  type MachineVersion,
  type Waited,
} from "./schemas/machine";
export type { FlyLogLine } from "./schemas/log";
export type { FlyRelease, ReleaseCreation } from "./schemas/release";
export type { FlySecret, SecretsWritten } from "./schemas/secret";
export type { FlyVolume, VolumeCreation, VolumeSnapshot } from "./schemas/volume";
export {
  Aborted,
  FlyError,
  FlyNotAllowed,
  FlyNotFound,
  FlyRefused,
  FlyUnavailable,
  HostUnreachable,
  LeaseBusy,
  LeaseLost,
  NameTaken,
  NoCapacity,
  PreconditionFailed,
  RateLimited,
  UnexpectedAnswer,
  UnknownOutcome,
  VersionStale,
  WaitExpired,
  type FailedCall,
} from "./errors";
export { publishedRates, RateLimiter, type Rate } from "./limiter";
export { flyEnvironment, openFlyApiOf, type FlyEnvironment } from "./from-environment";
export { openFlyApi, type FlyApiOptions } from "./open-fly-api";
