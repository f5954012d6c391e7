export { ensureMachines } from "./ensure-machines";
export type { Deployed, EnsureOptions } from "./update";
export { imageOf, type AppImage } from "./image";
export {
  observeMachines,
  type ObservedMachine,
  type ObservedMachines,
  type SeenMachine,
} from "./observe-machines";
export { stopMachines } from "./stop-machines";
export { fingerprintOf, type WantedEnv } from "./wanted";
export { whyNotPort } from "./why-not-port";
