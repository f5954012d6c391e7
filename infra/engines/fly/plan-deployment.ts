import type { FlyMachine } from "../../drivers/fly-api";
import { differencesOf, fingerprintOf } from "./differences";
import { hostAnswers, type Fleet } from "./fleet";
import { isHeldBack } from "./hide-old";
import { configOf, homeOf, markedForGroup, markedForHome, marksOf } from "./marks";
import type { DeployWish, GroupWish } from "./wish";
import type { MachineConfig, MachineMount } from "../../drivers/fly-api";
import { mountOf, Shelf, volumeIdOf, volumesKept, withVolume, type VolumePart } from "./volumes";

/** What a machine is to become. */
export interface Target {
  group: string;
  region: string;
  config: MachineConfig;
  /** What stands at its mount. */
  volume?: VolumePart;
}

export interface Update {
  kind: "update";
  machine: FlyMachine;
  to: Target;
  /** The places in which the machine differs. */
  differences: string[];
}
/** It is as wanted, but an interrupted run left it unproven, or requests are held back from it. */
export interface Prove {
  kind: "prove";
  machine: FlyMachine;
  to: Target;
}
export interface Create {
  kind: "create";
  name: string;
  to: Target;
}
/** What no update can do: a new machine, and then the end of the old one. */
export interface Replace {
  kind: "replace";
  machine: FlyMachine;
  name: string;
  to: Target;
  reason: string;
}
export interface Remove {
  kind: "remove";
  machine: FlyMachine;
  reason: string;
}
export type Operation = Update | Prove | Create | Replace | Remove;

/** What a deployment would do, machine by machine. */
export interface Plan {
  operations: Operation[];
  unchanged: FlyMachine[];
  /** What the operator should know and we leave alone. */
  warnings: string[];
  /** Volumes that stay when their machines go. */
  kept: string[];
  /** What makes it impossible: with any of these nothing is begun. */
  obstacles: string[];
}

/** Compares what is wanted with what is there, and makes no call. */
export function planDeployment(wish: DeployWish, fleet: Fleet): Plan {
  const plan: Plan = {
    operations: [],
    unchanged: [],
    warnings: fleet.foreign.map(foreignWarning),
    kept: [],
    obstacles: [],
  };
  const shelf = new Shelf(fleet.volumes);
  const wanted = new Set<string>();
  for (const group of wish.groups) {
    for (const [region, count] of Object.entries(group.counts)) {
      wanted.add(placeOf(group.name, region));
      const to = targetOf(group, region, wish.secrets?.digest);
      planPlace(plan, fleet, shelf, { to, count });
    }
  }
  for (const machine of fleet.own) {
    const group = marksOf(machine).group ?? "";
    const home = homeOf(machine);
    if (wanted.has(placeOf(group, home))) continue;
    const reason = `group ${group} is not wanted in ${home}`;
    plan.operations.push({ kind: "remove", machine, reason });
  }
  plan.kept.push(...volumesKept(plan.operations, fleet.volumes));
  return plan;
}

function planPlace(plan: Plan, fleet: Fleet, shelf: Shelf, { to, count }: { to: Target; count: number }) {
  const { group, region } = to;
  // Those that are as wanted stay first: after a second fleet it is the first one that has to go. Then those at home.
  const fits = (one: FlyMachine) => marksOf(one).fingerprint === to.config.metadata?.dnd_config;
  const isHome = (one: FlyMachine) => one.region === region;
  const here = fleet.own
    .filter((one) => marksOf(one).group === group && homeOf(one) === region)
    .sort((a, b) => Number(fits(b)) - Number(fits(a)) || Number(isHome(b)) - Number(isHome(a)));
  const names = new Set([...fleet.own, ...fleet.passing, ...fleet.foreign].map(({ name }) => name));
  for (const machine of here.slice(0, count)) planMachine(plan, shelf, machine, to, names);
  for (const machine of here.slice(count))
    plan.operations.push({ kind: "remove", machine, reason: `${count} are wanted in ${region}` });
  for (let missing = count - here.length; missing > 0; missing--)
    plan.operations.push({ kind: "create", name: freeName(to, names), to: supplied(plan, shelf, to) });
}

function planMachine(plan: Plan, shelf: Shelf, machine: FlyMachine, asked: Target, names: Set<string>) {
  const wanted = where(machine, asked);
  const reason = whyReplace(machine, wanted);
  if (reason) {
    const to = supplied(plan, shelf, wanted, machine);
    plan.operations.push({ kind: "replace", machine, name: freeName(to, names), to, reason });
    return;
  }
  const to = keeping(shelf, wanted, machine);
  const marks = marksOf(machine);
  const differences = differencesOf(to.config, configOf(machine));
  if (marks.secrets !== to.config.metadata?.dnd_secrets) differences.push("secrets");
  if (to.volume?.growth || marks.isGrowing) differences.push(volumeGrowth);
  if (machine.state === "failed") differences.push("state");
  if (differences.length > 0) plan.operations.push({ kind: "update", machine, to, differences });
  else if (marks.before !== undefined || isHeldBack(machine))
    plan.operations.push({ kind: "prove", machine, to });
  else plan.unchanged.push(machine);
}

/** It stays where it found room. */
function where({ region }: FlyMachine, to: Target): Target {
  return region === to.region ? to : { ...to, region, config: markedForHome(to.config, to.region) };
}

/** The wanted configuration of a group with its marks. */
export function targetOf(group: GroupWish, region: string, secrets: string | undefined): Target {
  const fingerprint = fingerprintOf(group.config);
  return {
    group: group.name,
    region,
    config: markedForGroup(group.config, group.name, { fingerprint, secrets }),
  };
}

/** The difference that growing the volume of a machine mends. */
export const volumeGrowth = "volume";

/** With a volume that nobody has, or one that is to be made where that is allowed. */
function supplied(plan: Plan, shelf: Shelf, to: Target, instead?: FlyMachine): Target {
  const mount = mountOf(to.config);
  if (!mount) return to;
  const volume = shelf.take(mount, to.region);
  if (volume.id === undefined) plan.obstacles.push(...whyNotMade(mount, to, instead));
  return { ...to, config: withVolume(to.config, volume.id), volume };
}

/** A volume is not made where another holds what the machine is to have: it would start without its data. */
function whyNotMade(mount: MachineMount, { group, region }: Target, instead?: FlyMachine): string[] {
  const name = mount.name ?? "";
  if (mount.volume !== undefined)
    return [`group ${group} wants volume ${mount.volume} (${name}), and there is no free one in ${region}`];
  const lost = instead && mountOf(configOf(instead));
  if (!lost || lost.name !== name) return [];
  return [
    `machine ${instead.name} cannot be replaced: its volume ${lost.volume ?? ""} (${name}) is where it is, ` +
      `and there is no other free volume ${name} in ${region}; make one of its last snapshot first`,
  ];
}

/** With the volume that the machine has. */
function keeping(shelf: Shelf, to: Target, machine: FlyMachine): Target {
  const [mount, id] = [mountOf(to.config), volumeIdOf(machine)];
  if (!mount || id === undefined) return to;
  return { ...to, config: withVolume(to.config, id), volume: shelf.keep(mount, to.region, id) };
}

/** What only another machine can mend; undefined when an update will do. */
function whyReplace(machine: FlyMachine, to: Target): string | undefined {
  if (!hostAnswers(machine)) return `its host is ${machine.host_status}`;
  // Where it stands in the machine is of no matter: that changes in place, and the volume stays.
  const [there, wanted] = [mountOf(configOf(machine)), mountOf(to.config)];
  const named = (mount: MachineMount | undefined) => (mount ? `volume ${mount.name ?? ""}` : "no volume");
  if (wanted?.volume !== undefined && wanted.volume !== there?.volume)
    return `it has ${there?.volume ?? "no volume"} and is to have ${wanted.volume}`;
  return named(there) === named(wanted)
    ? undefined
    : `it has ${named(there)} and is to have ${named(wanted)}`;
}

/** The first that nobody has: the same in every run, so that a creation whose answer was lost is found again. */
export function freeName({ group, region }: Target, taken: Set<string>, suffix = ""): string {
  for (let number = 1; ; number++) {
    const name = `${group}-${region}-${number}${suffix}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

function placeOf(group: string, region: string): string {
  return `${group} ${region}`;
}

function foreignWarning({ id, name, region }: FlyMachine): string {
  return `machine ${name} (${id}, ${region}) was not made here and is left alone`;
}
