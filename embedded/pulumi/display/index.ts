export {
  progressDisplay,
  showProgress,
  type DisplayOptions,
  type DisplayStream,
  type ProgressDisplay,
} from "./progress-display";
export { toJson, type JsonStep, type OperationJson } from "./operation-json";
export { Blind } from "./blind";
export { isLive, wantsColor } from "./palette";
