import type { FlyMachine, MachineConfig } from "../../drivers/fly-api";

// What the machine itself remembers for us, so that any later run, on any computer, knows where the last one stood.
const ours = {
  owner: "dnd_owner",
  fingerprint: "dnd_config",
  secrets: "dnd_secrets",
  /** Of the write that made the version: tells our own write from another's when its answer was lost. */
  write: "dnd_write",
  /** Until the new version is proven: the version before it, or "none". */
  before: "dnd_before",
  role: "dnd_role",
  /** The proxy does not know it for now; the API does not tell that. */
  hidden: "dnd_hidden",
  /** Its volume was grown, and it has not started again since. */
  growing: "dnd_growing",
  /** The region whose machine it is, where that had no room for it. */
  place: "dnd_place",
  /** It works where the database is, for a run elsewhere, and listens there. */
  outpost: "dnd_outpost",
} as const;

/** What a machine is there for; those that only help a deployment do not count as the app's. */
export type Role = "app" | "canary" | "green" | "command";

export interface Marks {
  owner: string | undefined;
  group: string | undefined;
  fingerprint: string | undefined;
  secrets: string | undefined;
  write: string | undefined;
  before: string | undefined;
  role: Role;
  isHidden: boolean;
  isGrowing: boolean;
}

export const ownerMark = "dnd";
export const beforeMark = ours.before;
export const roleMark = ours.role;
export const hiddenMark = ours.hidden;
export const growingMark = ours.growing;
export const outpostMark = ours.outpost;

/** The region whose machine it is, wherever it found room. */
export function homeOf(machine: FlyMachine): string {
  return configOf(machine).metadata?.[ours.place] ?? machine.region;
}

/** The configuration of a machine that stands in for one of another region. */
export function markedForHome(config: MachineConfig, home: string): MachineConfig {
  return { ...config, metadata: { ...config.metadata, [ours.place]: home } };
}

/** The configuration as one of a release in Fly's own list, by which its tool tells versions apart. */
export function markedForRelease(
  config: MachineConfig,
  { id, version }: { id: string; version: number },
): MachineConfig {
  const told = { fly_release_id: id, fly_release_version: String(version) };
  return { ...config, metadata: { ...config.metadata, ...told } };
}

/** The configuration as far as Fly shows it; the hosts that do not answer leave parts out. */
export function configOf(machine: FlyMachine): MachineConfig {
  return machine.config ?? machine.incomplete_config ?? {};
}

export function marksOf(machine: FlyMachine): Marks {
  const metadata = configOf(machine).metadata ?? {};
  return {
    owner: metadata[ours.owner],
    group: metadata.fly_process_group,
    fingerprint: metadata[ours.fingerprint],
    secrets: metadata[ours.secrets],
    write: metadata[ours.write],
    before: metadata[ours.before],
    isGrowing: metadata[ours.growing] !== undefined,
    isHidden: metadata[ours.hidden] !== undefined,
    role: (metadata[ours.role] as Role | undefined) ?? "app",
  };
}

/** The configuration with the marks of a group; Fly's own tool sees its machines by these, too. */
export function markedForGroup(
  config: MachineConfig,
  group: string,
  more: { fingerprint: string; secrets: string | undefined },
): MachineConfig {
  return {
    ...config,
    metadata: {
      ...config.metadata,
      fly_platform_version: "v2",
      fly_process_group: group,
      [ours.owner]: ownerMark,
      [ours.fingerprint]: more.fingerprint,
      ...(more.secrets === undefined ? {} : { [ours.secrets]: more.secrets }),
    },
  };
}

/** The configuration with the marks of one write; without a version before, as one that is proven. */
export function markedForWrite(
  config: MachineConfig,
  write: string,
  before: string | undefined,
  role: Role = "app",
): MachineConfig {
  const metadata = { ...config.metadata, [ours.write]: write };
  Reflect.deleteProperty(metadata, ours.before);
  Reflect.deleteProperty(metadata, ours.role);
  Reflect.deleteProperty(metadata, ours.hidden);
  Reflect.deleteProperty(metadata, ours.growing);
  return {
    ...config,
    metadata: {
      ...metadata,
      ...(before === undefined ? {} : { [ours.before]: before }),
      ...(role === "app" ? {} : { [ours.role]: role }),
    },
  };
}
