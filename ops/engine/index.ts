export { runChild } from "./child";
export { chooseEngine, engineNames, type ChosenEngine, type EngineName } from "./choose";
export {
  hasChanges,
  type HeldResource,
  type HistoryEntry,
  type OperationEvent,
  type OperationKind,
  type OperationOptions,
  type OperationResult,
  type OperationRun,
  type OperationStep,
  type StackEngine,
  type StackPlace,
} from "./contract";
export { exitCodeOf } from "./exit-code";
export { Interruption } from "./interruption";
export { downloadPulumi } from "./launcher";
export { findPulumi, isOlder, launcherBinary, launcherVersion, type PulumiSearch } from "./pulumi-binary";
export { partsOfUrn, shortName } from "./urn";
