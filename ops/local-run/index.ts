export { bringUp, type RunningStack } from "./bring-up";
export type { LocalRun } from "./local-run";
export { purge, takeDown } from "./take-down";
