import type { FlyVolume, MachineMount } from "../../../drivers/fly-api";

/** The volume that a machine is to have. */
export interface VolumePart {
  name: string;
  region: string;
  /** One that is there; undefined for one that has to be made. */
  id?: string | undefined;
  /** Of one that is there: what it is grown to, and what it has now. */
  growth?: { fromGb: number; toGb: number } | undefined;
  /** Of one that has to be made. */
  sizeGb?: number | undefined;
  encrypted?: boolean | undefined;
  snapshotRetention?: number | undefined;
  scheduledSnapshots?: boolean | undefined;
}

/** The volumes of an app while a plan gives them out: the same ones in the same order in every run. */
export class Shelf {
  readonly #volumes: readonly FlyVolume[];
  readonly #given = new Set<string>();

  constructor(volumes: readonly FlyVolume[]) {
    this.#volumes = [...volumes].sort(byAge);
  }

  /** The volume that a machine has already. */
  keep(mount: MachineMount, region: string, id: string): VolumePart {
    const there = this.#volumes.find((one) => one.id === id);
    return { ...partOf(mount, region), id, growth: growthOf(mount, there) };
  }

  /** A free one of that name and region, or the order to make one. */
  take(mount: MachineMount, region: string): VolumePart {
    const free = this.#volumes.find((one) => this.#suits(one, mount, region));
    if (!free) return partOf(mount, region);
    this.#given.add(free.id);
    return { ...partOf(mount, region), id: free.id, growth: growthOf(mount, free) };
  }

  #suits(one: FlyVolume, mount: MachineMount, region: string): boolean {
    const wanted = mount.volume === undefined ? one.name === mount.name : one.id === mount.volume;
    return wanted && isFree(one) && !this.#given.has(one.id) && one.region === region;
  }
}

/** Nobody has it, and its host answers. */
export function isFree(volume: FlyVolume): boolean {
  const { attached_machine_id: machine, attached_alloc_id: other, host_status: host = "ok", state } = volume;
  return (machine ?? other ?? null) === null && host === "ok" && state === "created";
}

/** Volumes only grow: a larger one than wanted is as good. */
function growthOf({ size_gb: toGb }: MachineMount, there: FlyVolume | undefined): VolumePart["growth"] {
  if (toGb === undefined || !there || there.size_gb >= toGb) return undefined;
  return { fromGb: there.size_gb, toGb };
}

function partOf(mount: MachineMount, region: string): VolumePart {
  const { name = "", size_gb: sizeGb, encrypted } = mount;
  const { snapshot_retention: snapshotRetention, scheduled_snapshots: scheduledSnapshots } = mount;
  return { name, region, sizeGb, encrypted, snapshotRetention, scheduledSnapshots };
}

function byAge(a: FlyVolume, b: FlyVolume): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}
