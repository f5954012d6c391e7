export { deploy, type Deployed, type DeployOptions } from "./deploy";
export {
  AnotherDeployment,
  DeploymentReturned,
  MachineUnwell,
  ReturnFailed,
  type LeftBehind,
} from "./errors";
export type { Leftover } from "./finish";
export { fleetOf, type Fleet } from "./fleet";
export { observeFleet } from "./observe-fleet";
export { planDeployment, type Operation, type Plan, type Target } from "./plan-deployment";
export {
  usualGate,
  type DeployWish,
  type GateWish,
  type GroupWish,
  type Probe,
  type SecretsSeen,
  type StrategyWish,
} from "./wish";
