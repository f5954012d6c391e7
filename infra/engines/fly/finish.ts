import type { FlyMachine } from "../../drivers/fly-api";
import { messageOf } from "../../support";
import type { Deployment } from "./deployment";
import { fleetOf } from "./fleet";
import { listForSure } from "./list-for-sure";
import { beforeMark, marksOf, roleMark } from "./marks";
import { inPool } from "./pool";
import { destroyMachine, quietMachine } from "./retire-machine";

const atOnce = 8;

/** What could not be tidied; the app serves all the same, and the next run does it. */
export interface Leftover {
  machine: string;
  reason: string;
}

/**
 * Takes the marks of the unproven from every machine of the app: from here on this version is the one to come back
 * to, and a second fleet is the app's. Tells of the machines that only helped.
 */
export async function proveMachines(
  deployment: Deployment,
): Promise<{ left: Leftover[]; helpers: FlyMachine[] }> {
  const { api, wish, signal } = deployment;
  const { own, passing } = fleetOf(await listForSure(deployment));
  const greens = passing.filter((one) => marksOf(one).role === "green");
  const unproven = [...own, ...greens].filter((one) => marksOf(one).before !== undefined);
  const helpers = passing.filter((one) => !unproven.includes(one));
  const left = await tidy(deployment, unproven, async (machine) => {
    // In this order: a proven machine that were still a green would be taken for superfluous.
    if (marksOf(machine).role !== "app")
      await api.machines.deleteMetadata(wish.app, machine.id, roleMark, { signal });
    await api.machines.deleteMetadata(wish.app, machine.id, beforeMark, { signal });
  });
  return { left, helpers };
}

/** Ends what is not wanted any more, now that what is wanted serves; volumes stay. */
export async function removeMachines(
  deployment: Deployment,
  machines: readonly FlyMachine[],
  drainMs = 0,
): Promise<Leftover[]> {
  const { lock } = deployment;
  const noisy = await tidy(deployment, machines, (one) => quietMachine(deployment, one, drainMs));
  // The one with the lock goes last: until then nobody else begins.
  const others = machines.filter(({ id }) => id !== lock.machine);
  const last = machines.filter(({ id }) => id === lock.machine);
  const destroy = (some: FlyMachine[]) => tidy(deployment, some, (one) => destroyMachine(deployment, one));
  return [...noisy, ...(await destroy(others)), ...(await destroy(last))];
}

async function tidy(
  { lock, signal }: Deployment,
  machines: readonly FlyMachine[],
  work: (machine: FlyMachine) => Promise<void>,
): Promise<Leftover[]> {
  const left: Leftover[] = [];
  await inPool(machines, atOnce, async (machine) => {
    lock.assertHeld();
    try {
      await work(machine);
    } catch (error) {
      signal.throwIfAborted();
      left.push({ machine: `${machine.name} (${machine.id})`, reason: messageOf(error) });
    }
  });
  return left;
}
