import type { FlyMachine, FlyVolume } from "../../../drivers/fly-api";
import type { Operation } from "../plan-deployment";
import { volumeIdOf } from "./mounts";
import type { VolumePart } from "./shelf";

/** A part of a plan in words: which volume a machine gets. */
export function describePart({ name, id, growth, sizeGb, region }: VolumePart): string {
  if (id === undefined) return `a new volume ${name} of ${sizeGb ?? 1} GB in ${region}`;
  return growth
    ? `volume ${id} (${name}), grown from ${growth.fromGb} to ${growth.toGb} GB`
    : `volume ${id} (${name})`;
}

/** The volumes that stay without a machine once these operations are done. */
export function volumesKept(operations: readonly Operation[], volumes: readonly FlyVolume[]): string[] {
  return operations.flatMap((one) =>
    one.kind === "remove" || one.kind === "replace" ? volumeKept(one.machine, volumes) : [],
  );
}

/** The volume of a machine that goes, in words. */
export function volumeKept(machine: FlyMachine, volumes: readonly FlyVolume[]): string[] {
  const id = volumeIdOf(machine);
  if (id === undefined) return [];
  const volume = volumes.find((one) => one.id === id);
  return [volume ? `volume ${id} (${volume.name}, ${volume.size_gb} GB, ${volume.region})` : `volume ${id}`];
}
