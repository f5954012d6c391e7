import type { FlyMachine } from "../../drivers/fly-api";
import { differencesOf, fingerprintOf } from "./differences";
import type { Fleet } from "./fleet";
import { configOf, markedForGroup, marksOf } from "./marks";
import type { DeployWish, GroupWish } from "./wish";
import type { MachineConfig } from "../../drivers/fly-api";

/** What a machine is to become. */
export interface Target {
  group: string;
  region: string;
  config: MachineConfig;
}

export interface Update {
  kind: "update";
  machine: FlyMachine;
  to: Target;
  /** The places in which the machine differs. */
  differences: string[];
}
/** It is as wanted, but an interrupted run left it unproven. */
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
}

/** Compares what is wanted with what is there, and makes no call. */
export function planDeployment(wish: DeployWish, fleet: Fleet): Plan {
  const plan: Plan = { operations: [], unchanged: [], warnings: fleet.foreign.map(foreignWarning) };
  const wanted = new Set<string>();
  for (const group of wish.groups) {
    for (const [region, count] of Object.entries(group.counts)) {
      wanted.add(placeOf(group.name, region));
      planPlace(plan, fleet, { group, region, count }, wish.secrets?.digest);
    }
  }
  for (const machine of fleet.own) {
    const group = marksOf(machine).group ?? "";
    if (wanted.has(placeOf(group, machine.region))) continue;
    const reason = `group ${group} is not wanted in ${machine.region}`;
    plan.operations.push({ kind: "remove", machine, reason });
  }
  return plan;
}

interface Place {
  group: GroupWish;
  region: string;
  count: number;
}

function planPlace(plan: Plan, fleet: Fleet, { group, region, count }: Place, secrets: string | undefined) {
  const to = targetOf(group, region, secrets);
  // Those that are as wanted stay first: after a second fleet it is the first one that has to go.
  const fits = (one: FlyMachine) => marksOf(one).fingerprint === to.config.metadata?.dnd_config;
  const here = fleet.own
    .filter((one) => marksOf(one).group === group.name && one.region === region)
    .sort((a, b) => Number(fits(b)) - Number(fits(a)));
  const names = new Set([...fleet.own, ...fleet.passing, ...fleet.foreign].map(({ name }) => name));
  for (const machine of here.slice(0, count)) planMachine(plan, machine, to, names);
  for (const machine of here.slice(count))
    plan.operations.push({ kind: "remove", machine, reason: `${count} are wanted in ${region}` });
  for (let missing = count - here.length; missing > 0; missing--)
    plan.operations.push({ kind: "create", name: freeName(to, names), to });
}

function planMachine(plan: Plan, machine: FlyMachine, to: Target, names: Set<string>) {
  const reason = whyReplace(machine, to);
  if (reason) {
    plan.operations.push({ kind: "replace", machine, name: freeName(to, names), to, reason });
    return;
  }
  const marks = marksOf(machine);
  const differences = differencesOf(to.config, configOf(machine));
  if (marks.secrets !== to.config.metadata?.dnd_secrets) differences.push("secrets");
  if (machine.state === "failed") differences.push("state");
  if (differences.length > 0) plan.operations.push({ kind: "update", machine, to, differences });
  else if (marks.before !== undefined) plan.operations.push({ kind: "prove", machine, to });
  else plan.unchanged.push(machine);
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

/** What only another machine can mend; undefined when an update will do. */
function whyReplace(machine: FlyMachine, to: Target): string | undefined {
  if (machine.host_status !== undefined && machine.host_status !== "ok")
    return `its host is ${machine.host_status}`;
  const mounts = (config: MachineConfig) =>
    (config.mounts ?? []).map(({ name, path }) => `${name ?? ""}:${path}`);
  const [there, wanted] = [mounts(configOf(machine)), mounts(to.config)];
  return there.join() === wanted.join()
    ? undefined
    : `its mounts change from ${there.join()} to ${wanted.join()}`;
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
