export { readProject, type ConfigDeclaration, type Project } from "./project";
export {
  readStackConfig,
  stackConfigFile,
  type ConfigValue,
  type DecryptedConfig,
  type StackConfig,
} from "./stack-config";
export { beginOpening, openStack, ownOutputs, type OpenStack, type StackOptions } from "./open-stack";
export { initStack, removeStack, stackExists } from "./init-stack";
export { placeOf, type StackPlace } from "./location";
export { cancelLock, readLocks, type LockOwner, type StackLock } from "./lock";
export { readHistory, type HistoryEntry, type UpdateKind, type UpdateResult } from "./history";
export { readStackOutputs, type StackOutputs } from "./stack-outputs";
export { isSecret } from "./secret-values";
export { goJson } from "./go-json";
