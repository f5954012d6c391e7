export { describePlan } from "./describe-plan";
export { foreseeApp, refuseAppOfAnother, whyNotRegions } from "./foresee";
export { roomFor, seeRoom, type Room, type RoomWish } from "./room";
export { removeOwnMachines } from "./remove-own";
export { whyNotGroups } from "./why-not-groups";
export { deploy, type Deployed, type DeployOptions } from "./deploy";
export {
  AnotherDeployment,
  DeploymentImpossible,
  DeploymentReturned,
  MachineUnwell,
  ReturnFailed,
  type LeftBehind,
} from "./errors";
export type { Leftover } from "./finish";
export { fleetOf, groupNameOf, imageOf, isOutpost, type Fleet } from "./fleet";
export { probeThrough } from "./probe-through";
export { machineLogs } from "./machine-logs";
export { runsAlready } from "./runs-already";
export { observeFleet } from "./observe-fleet";
export { seeMachines, type SeenMachine } from "./see-machines";
export { planDeployment, type Operation, type Plan, type Target } from "./plan-deployment";
export {
  usualGate,
  wantsVolumes,
  type DeployWish,
  type GateWish,
  type GroupWish,
  type Probe,
  type SecretsSeen,
  type StrategyWish,
} from "./wish";
export {
  ensureApp,
  fingerprintOfChain,
  fingerprintOfSecrets,
  missingAddresses,
  observeApp,
  removeApp,
  seeCertificates,
  seeSecrets,
  whyNotOwnCertificate,
  WrongOrganization,
  type AddressesWanted,
  type AddressSeen,
  type AppOptions,
  type AppState,
  type AppWish,
  type CertificateState,
  type DnsRecord,
  type ObservedApp,
  type OwnCertificate,
  type SecretsState,
} from "./apps";
export {
  partsOf,
  resolveImage,
  resolveWantedImage,
  type RegistryLogin,
  type ResolveOptions,
  type WantedImage,
} from "./image";
export {
  imageThatGoes,
  listEvents,
  restartAll,
  outpostsAt,
  runCommand,
  scaled,
  setMaintenance,
  startAll,
  stopAll,
  type CommandEnd,
  type CommandWish,
  type SwitchOptions,
} from "./operations";
export { parseFlyToml, readFlyToml, wishOfToml, writeFlyToml, type FlyToml, type TomlWish } from "./toml";
