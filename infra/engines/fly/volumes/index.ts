export { describePart, volumeKept, volumesKept } from "./describe-volume";
export { ensureVolume, growVolume } from "./ensure-volume";
export { mountOf, volumeIdOf, withVolume } from "./mounts";
export { Shelf, type VolumePart } from "./shelf";
export { VolumesOfRun } from "./volumes-of-run";
