export {
  type HealthCheck,
  type HostView,
  type MachineEnv,
  type MachineExit,
  type MachineSpec,
  type MachineState,
  type MachineView,
  type RestartPolicy,
  type Route,
  type RouteView,
} from "./contract";
export { ControlClient } from "./control-client";
export { ensureHost, observeHost, stopHost } from "./host";
export { exitInWords } from "./exit";
export { probe, type ProbeAnswer } from "./health-probe";
export { freePort, isFree } from "./free-port";
export { identify, isRunning, type ProcessIdentity } from "./process-identity";
export { lastLines } from "./log-file";
export { Router } from "./router";
export { Routes } from "./routes";
export { Supervisor } from "./supervisor";
export { type Backend, type BackendSource } from "./backends";
