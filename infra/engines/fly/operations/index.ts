export { imageThatGoes, outpostsAt, type OutpostsOptions } from "./outposts";
export { runCommand, runReleaseCommand, type CommandEnd, type CommandWish } from "./run-command";
export { scaled } from "./scale";
export {
  listEvents,
  restartAll,
  setMaintenance,
  startAll,
  stopAll,
  type SwitchOptions,
} from "./switch-machines";
