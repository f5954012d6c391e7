import { finalStates, type FlyMachine, type FlyVolume } from "../../drivers/fly-api";
import { configOf, marksOf, outpostMark, ownerMark } from "./marks";

/** The machines of an app as one look showed them. */
export interface Fleet {
  /** Ours, the oldest first. */
  own: FlyMachine[];
  /** Ours as well, but only there for a deployment that has not ended: canaries, the second fleet, commands. */
  passing: FlyMachine[];
  /** Of others: never touched. */
  foreign: FlyMachine[];
  /** Of the app, where any machine has one or is to have one. */
  volumes: FlyVolume[];
}

const gone = new Set<string>([...finalStates, "destroying"]);

/** Sorts what a list showed; a machine that goes or is gone is nobody's any more, and an outpost is no part of the app. */
export function fleetOf(machines: readonly FlyMachine[], volumes: FlyVolume[] = []): Fleet {
  const living = machines.filter((one) => !gone.has(one.state) && !isOutpost(one)).sort(byAge);
  const mine = living.filter((one) => marksOf(one).owner === ownerMark);
  return {
    own: mine.filter((one) => marksOf(one).role === "app"),
    passing: mine.filter((one) => marksOf(one).role !== "app"),
    foreign: living.filter((one) => marksOf(one).owner !== ownerMark),
    volumes,
  };
}

/** It works at the database for a run elsewhere, and ends by itself. */
export function isOutpost(machine: FlyMachine): boolean {
  return configOf(machine).metadata?.[outpostMark] !== undefined;
}

function byAge(a: FlyMachine, b: FlyMachine): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

// "created" is none of them: what we make is launched at once.
const resting = new Set(["started", "stopped", "suspended", "failed"]);

/** Whether the machine is on its way from one state to another. */
export function isPassing(machine: FlyMachine): boolean {
  return !resting.has(machine.state);
}

const atRest = new Set(["stopped", "suspended"]);

/** Whether the machine serves, or would if it did not crash; the others keep their rest through an update. */
export function isWarm({ state }: FlyMachine): boolean {
  return !atRest.has(state);
}

/** Whether anything can be done with the machine where it is. */
export function hostAnswers({ host_status: host = "ok" }: FlyMachine): boolean {
  return host === "ok";
}

export function hasChecks(machine: FlyMachine): boolean {
  const { checks, services } = configOf(machine);
  return (
    Object.keys(checks ?? {}).length > 0 || (services ?? []).some((one) => (one.checks ?? []).length > 0)
  );
}

/** The image as people know it. */
export function imageOf(machine: FlyMachine): string {
  return configOf(machine).image ?? "an unknown image";
}

/** The group that a machine belongs to. */
export function groupNameOf(machine: FlyMachine): string {
  return marksOf(machine).group ?? "";
}
