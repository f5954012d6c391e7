import type { MachineConfig } from "../../drivers/fly-api";

/** Machines that are alike: a process of the app. */
export interface GroupWish {
  name: string;
  /** The whole of it but for our marks; the image by digest. */
  config: MachineConfig;
  /** How many, by region. */
  counts: Record<string, number>;
}

/** When a machine is good. */
export interface GateWish {
  /** From the write to health. */
  timeoutMs: number;
  /** It stays healthy, without an exit, for so long. */
  bakeMs: number;
  /** So many exits nobody asked for are let pass. */
  toleratedRestarts: number;
}

/** How the machines come to the new version. */
export type StrategyWish =
  /** In place, so many at once: a count, or a share below 1 of each group. */
  | { kind: "rolling"; maxUnavailable: number }
  /** So many more machines first, which serve beside the old ones until the roll has ended. */
  | { kind: "canary"; maxUnavailable: number; canaries: number; holdMs: number }
  /** A second fleet, which takes over all at once; the old one serves on for the time of the drain. */
  | {
      kind: "bluegreen";
      drainMs: number;
      /** Stops when the second fleet is healthy and still unknown to the proxy: the next run without it switches. */
      until?: "healthy" | undefined;
    }
  /** All at once but for one of each group, which follows when another is healthy: nobody is left without an answer. */
  | { kind: "immediate" };

/** The app's secrets as the machines must see them. */
export interface SecretsSeen {
  version: number | undefined;
  /** Of all names and digests: another one is a change of the machines. */
  digest: string;
}

/** What asks a machine by itself, from outside: whether it answered well, and how fast. */
export type Probe = (machineId: string, signal: AbortSignal) => Promise<{ ok: boolean; ms: number }>;

export interface DeployWish {
  app: string;
  /** Whose app it is, where that is known: else it is looked up before room is looked for. */
  organization?: string | undefined;
  /** The app in the words of a fly.toml, for Fly's own list of releases; without it nothing is noted there. */
  definition?: object | undefined;
  groups: readonly GroupWish[];
  strategy: StrategyWish;
  gate: GateWish;
  secrets?: SecretsSeen | undefined;
  /** Runs once on a machine of its own, before any other is touched. */
  releaseCommand?: { command: readonly string[]; timeoutMs: number } | undefined;
  /** Where machines without a volume go when their own region has no room, the first of these first. */
  fallbackRegions?: readonly string[] | undefined;
  probe?: Probe | undefined;
  /** The last word, from outside: throws when the app is not what was wanted. */
  verify?: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/** Whether any machine is to have a volume. */
export function wantsVolumes({ groups }: Pick<DeployWish, "groups">): boolean {
  return groups.some(({ config }) => (config.mounts ?? []).length > 0);
}

export const usualGate: GateWish = { timeoutMs: 300_000, bakeMs: 2000, toleratedRestarts: 0 };
