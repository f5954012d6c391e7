import type { FlyMachine } from "../../drivers/fly-api";
import type { Deployment } from "./deployment";
import { AnotherDeployment } from "./errors";
import type { Fleet } from "./fleet";

/** Refuses before the first write what would stop in the middle: another tool holds the lease of some machine. */
export function refuseOtherLeases({ wish, lock, clock }: Deployment, { own }: Fleet): void {
  const held = own.find((one) => one.id !== lock.machine && isLeased(one, clock.now()));
  if (!held?.lease) return;
  const until = new Date(held.lease.expires_at * 1000).toISOString();
  const said = `${held.lease.owner ?? "somebody"} holds the lease of ${held.name} until ${until}`;
  throw new AnotherDeployment(wish.app, said);
}

function isLeased({ lease }: FlyMachine, now: number): boolean {
  return lease != null && lease.expires_at * 1000 > now;
}
