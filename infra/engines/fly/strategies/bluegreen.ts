import type { FlyMachine } from "../../../drivers/fly-api";
import { awaitHealthy } from "../await-healthy";
import type { Deployment } from "../deployment";
import { isWarm, type Fleet } from "../fleet";
import { letIn } from "../hide-old";
import { homeOf, marksOf } from "../marks";
import { freeName, type Target } from "../plan-deployment";
import { inPool } from "../pool";
import { addMachine } from "../write-machine";
import { rest, type Change } from "./change";

const newAtOnce = 8;

/** A machine of the second fleet, and the one of the first whose place it takes. */
interface Green {
  machine: FlyMachine;
  to: Target;
  /** It rests like the one before it, once it has shown that it runs. */
  rests: boolean;
}

/**
 * A second fleet, made beside the first and unknown to the proxy until all of it is healthy; then known all at once.
 * The first one serves on all the time: it is the caller who retires it. Marks and the cordon tell the next run how
 * far this one came.
 */
export async function raiseSecondFleet(
  deployment: Deployment,
  changes: readonly Change[],
  fleet: Fleet,
  { switching }: { switching: boolean },
): Promise<void> {
  const spare = fleet.passing.filter((one) => marksOf(one).role === "green");
  const names = new Set([...fleet.own, ...fleet.passing, ...fleet.foreign].map(({ name }) => name));
  const greens: Green[] = [];
  await inPool(changes, newAtOnce, async (change) => {
    const machine =
      change.kind === "prove" ? change.machine : await greenFor(deployment, change.to, spare, names);
    const rests = change.kind === "update" && !isWarm(change.machine);
    greens.push({ machine, to: change.to, rests });
  });
  deployment.progress(`the second fleet is made: ${greens.length} machines`);
  await Promise.all(greens.map(({ machine }) => awaitHealthy(deployment, machine, startOf(machine))));
  if (!switching) return;
  deployment.progress("the second fleet is healthy: the proxy gets to know it");
  await inPool(greens, newAtOnce, ({ machine }) => letIn(deployment, machine));
  await Promise.all(greens.map(({ machine }) => awaitHealthy(deployment, machine, startOf(machine))));
  await inPool(
    greens.filter(({ rests }) => rests),
    newAtOnce,
    ({ machine }) => rest(deployment, machine, "stopped"),
  );
}

/** All that ever happened to a new machine counts. */
function startOf(machine: FlyMachine): Set<string> {
  return marksOf(machine).before === "none" ? new Set() : new Set((machine.events ?? []).map(({ id }) => id));
}

async function greenFor(
  deployment: Deployment,
  to: Target,
  spare: FlyMachine[],
  names: Set<string>,
): Promise<FlyMachine> {
  const fits = (one: FlyMachine) => {
    const { group, fingerprint, secrets } = marksOf(one);
    const { dnd_config: wanted, dnd_secrets: wantedSecrets, dnd_place: home } = to.config.metadata ?? {};
    const isThere = homeOf(one) === (home ?? to.region);
    return group === to.group && isThere && fingerprint === wanted && secrets === wantedSecrets;
  };
  const at = spare.findIndex(fits);
  const [left] = at < 0 ? [] : spare.splice(at, 1);
  if (left) return left;
  const name = freeName(to, names);
  return addMachine(deployment, name, to, { role: "green", unregistered: true });
}
