import type { Deployment } from "./deployment";
import type { Plan } from "./plan-deployment";
import type { Change } from "./strategies/change";
import { addMachine } from "./write-machine";

/**
 * An app without machines has none whose lease could be the lock: the first one is made with a lease. Two runs that
 * start at once want it to have the same name, which only one of them gets.
 */
export async function createFirst(deployment: Deployment, plan: Plan): Promise<Change[]> {
  const changes = plan.operations.filter((one): one is Change => one.kind !== "remove");
  const [first, ...rest] = changes;
  if (deployment.lock.isHeld || first?.kind !== "create") return changes;
  deployment.progress(`making ${first.name}, the first`);
  const machine = await addMachine(deployment, first.name, first.to, { leased: true });
  if (machine.nonce) await deployment.lock.hold(machine.id, machine.nonce);
  else await deployment.lock.take(machine.id);
  return [{ kind: "prove", machine, to: first.to }, ...rest];
}
