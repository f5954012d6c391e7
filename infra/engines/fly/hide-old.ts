import type { FlyMachine } from "../../drivers/fly-api";
import type { Deployment } from "./deployment";
import { isWarm } from "./fleet";
import { hiddenMark, marksOf } from "./marks";
import { inPool } from "./pool";

const atOnce = 8;

/**
 * Takes the machines that are to go out of the proxy while they still run: the last word is then about the new version
 * alone, and coming back takes no start. The mark goes first, so that a run that dies leaves nobody hidden for good.
 */
export async function hideOld(deployment: Deployment, machines: readonly FlyMachine[]): Promise<void> {
  const { api, wish, lock, ledger, signal } = deployment;
  await inPool(machines.filter(isWarm), atOnce, async (machine) => {
    lock.assertHeld();
    ledger.hidden.add(machine);
    await api.machines.setMetadata(wish.app, machine.id, hiddenMark, "true", { signal });
    await api.machines.cordon(wish.app, machine.id, { nonce: lock.nonceFor(machine.id), signal });
  });
}

/** Lets the proxy know a machine again that was hidden. */
export async function showAgain(deployment: Deployment, machine: FlyMachine): Promise<void> {
  const { api, wish, signal } = deployment;
  await letIn(deployment, machine);
  await api.machines.deleteMetadata(wish.app, machine.id, hiddenMark, { signal });
}

/** The proxy passes a machine over, and not because a deployment on its way has hidden it: data was exchanged under it. */
export function isHeldBack(machine: FlyMachine): boolean {
  return machine.cordoned === true && !marksOf(machine).isHidden;
}

/** Lets requests reach a machine again. */
export async function letIn({ api, wish, lock, signal }: Deployment, { id }: FlyMachine): Promise<void> {
  lock.assertHeld();
  await api.machines.uncordon(wish.app, id, { nonce: lock.nonceFor(id), signal });
}

/** Shows the machines that a run which died had hidden: nobody knows yet whether the new version is to stay. */
export async function showLeftHidden(deployment: Deployment, machines: readonly FlyMachine[]): Promise<void> {
  const hidden = machines.filter((one) => marksOf(one).isHidden);
  await inPool(hidden, atOnce, (one) => showAgain(deployment, one));
}
