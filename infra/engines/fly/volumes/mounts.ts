import type { FlyMachine, MachineConfig, MachineMount } from "../../../drivers/fly-api";
import { configOf } from "../marks";

/** What a mount says of its volume; a machine is told only where that stands and which one it is. */
const ofVolume = ["size_gb", "encrypted", "snapshot_retention", "scheduled_snapshots"];

/** The one mount that a machine can have. */
export function mountOf({ mounts }: MachineConfig): MachineMount | undefined {
  return mounts?.[0];
}

/** The volume that a machine has. */
export function volumeIdOf(machine: FlyMachine): string | undefined {
  return mountOf(configOf(machine))?.volume;
}

/** The configuration with this volume at its mount; a mount whose volume is still to be made has none. */
export function withVolume(config: MachineConfig, id: string | undefined): MachineConfig {
  const mount = mountOf(config);
  if (!mount) return config;
  const bare = Object.fromEntries(Object.entries(mount).filter(([key]) => !ofVolume.includes(key)));
  return { ...config, mounts: [{ ...bare, ...(id === undefined ? {} : { volume: id }) }] };
}
