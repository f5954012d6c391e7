export { ensureLocalStack, localPlace } from "./ensure";
export { glanceAtCheckpoint, type CheckpointGlance } from "./checkpoint";
export { onDisk } from "./disk-errors";
export { localPlaces, localStackName, type LocalPlaces } from "./places";
export { mergeSettings } from "./settings-file";
