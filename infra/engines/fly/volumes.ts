import type { FlyApi, FlyVolume, MachineConfig } from "../../drivers/fly-api";
import { OperatorError } from "../../support";
import type { Deployment } from "./deployment";
import type { Plan, Target } from "./plan-deployment";

type Place = Pick<Target, "region" | "config">;

/** The configuration of a new machine with a free volume of its region for each of its mounts. */
export async function withVolumes(
  { api, wish, signal, claimed }: Deployment,
  { region, config }: Place,
): Promise<MachineConfig> {
  if (!config.mounts?.length) return config;
  const volumes = await api.volumes.list(wish.app, { signal });
  const mounts = config.mounts.map((mount) => {
    if (mount.volume) return mount;
    const free = volumes.find((one) => isFree(one, mount.name, region) && !claimed.has(one.id));
    if (!free) throw missing(mount.name, region, 1, 0);
    // Machines are made side by side: what one is about to take no other may.
    claimed.add(free.id);
    return { ...mount, volume: free.id };
  });
  return { ...config, mounts };
}

/** The configuration of a machine that is there with the volumes that it has. */
export function withOwnVolumes(config: MachineConfig, seen: MachineConfig): MachineConfig {
  if (!config.mounts?.length) return config;
  const mounts = config.mounts.map((mount) => {
    const own = (seen.mounts ?? []).find(({ path }) => path === mount.path)?.volume;
    return own && !mount.volume ? { ...mount, volume: own } : mount;
  });
  return { ...config, mounts };
}

/** Refuses a plan whose new machines would not find their volumes, before anything is touched. */
export async function refuseMissingVolumes(
  { operations }: Plan,
  { api, app, signal }: { api: FlyApi; app: string; signal: AbortSignal },
): Promise<void> {
  const needed = new Map<string, { name: string | null | undefined; region: string; count: number }>();
  for (const one of operations) {
    if (one.kind !== "create" && one.kind !== "replace") continue;
    for (const { name, volume } of one.to.config.mounts ?? []) {
      if (volume) continue;
      const key = `${name ?? ""} ${one.to.region}`;
      needed.set(key, { name, region: one.to.region, count: (needed.get(key)?.count ?? 0) + 1 });
    }
  }
  if (needed.size === 0) return;
  const volumes = await api.volumes.list(app, { signal });
  for (const { name, region, count } of needed.values()) {
    const free = volumes.filter((one) => isFree(one, name, region)).length;
    if (free < count) throw missing(name, region, count, free);
  }
}

function isFree(volume: FlyVolume, name: string | null | undefined, region: string): boolean {
  const { attached_machine_id: attached, host_status: host = "ok" } = volume;
  return !attached && host === "ok" && volume.region === region && (!name || volume.name === name);
}

function missing(name: string | null | undefined, region: string, count: number, free: number) {
  const named = name ?? "data";
  return new OperatorError({
    code: "fly-volume-missing",
    message: `${count} machines in ${region} need a volume ${named} each, and ${free} are free there`,
    remedy: `Make them with \`fly volumes create ${named} --region ${region}\`, then run the command again.`,
  });
}
