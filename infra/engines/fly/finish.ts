import type { FlyMachine } from "../../drivers/fly-api";
import { messageOf } from "../../support";
import type { Deployment } from "./deployment";
import { fleetOf } from "./fleet";
import { beforeMark, marksOf } from "./marks";
import { inPool } from "./pool";

const atOnce = 8;

/** What could not be tidied; the app serves all the same, and the next run does it. */
export interface Leftover {
  machine: string;
  reason: string;
}

/** Takes the mark of the unproven from every machine of the app: from here on this version is the one to come back to. */
export async function proveMachines(deployment: Deployment): Promise<Leftover[]> {
  const { api, wish, signal } = deployment;
  const { own } = fleetOf(await api.machines.list(wish.app, { signal }));
  const unproven = own.filter((one) => marksOf(one).before !== undefined);
  return tidy(deployment, unproven, ({ id }) =>
    api.machines.deleteMetadata(wish.app, id, beforeMark, { signal }),
  );
}

/** Destroys what is not wanted any more, now that what is wanted serves; volumes stay. */
export async function removeMachines(
  deployment: Deployment,
  machines: readonly FlyMachine[],
): Promise<Leftover[]> {
  const { lock } = deployment;
  const left = await tidy(
    deployment,
    machines.filter(({ id }) => id !== lock.machine),
    (one) => destroyMachine(deployment, one),
  );
  // The one with the lock goes last: until then nobody else begins.
  const last = machines.filter(({ id }) => id === lock.machine);
  return [...left, ...(await tidy(deployment, last, (one) => destroyMachine(deployment, one)))];
}

/** Ends a machine at once; one that is gone already is no trouble. */
export async function destroyMachine(deployment: Deployment, { id, name }: FlyMachine): Promise<void> {
  const { api, wish, lock, signal, progress } = deployment;
  progress(`removing ${name}`);
  const isLock = id === lock.machine;
  await api.machines.destroy(wish.app, id, { force: true, nonce: lock.nonceFor(id), signal });
  if (isLock) lock.forget();
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
