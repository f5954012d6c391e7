import type { FlyMachine } from "../../drivers/fly-api";
import type { Deployment } from "./deployment";
import { isWarm } from "./fleet";

const stopMs = 30_000;

/** Takes a machine out of service without cutting a request off: no new ones, time for those under way, then the end. */
export async function retireMachine(deployment: Deployment, machine: FlyMachine): Promise<void> {
  await quietMachine(deployment, machine, 0);
  await destroyMachine(deployment, machine);
}

/** Lets a machine that serves come to rest. What only makes its end softer may fail: the end comes all the same. */
export async function quietMachine(
  { api, wish, lock, watch, clock, signal }: Deployment,
  machine: FlyMachine,
  drainMs: number,
): Promise<void> {
  const { id } = machine;
  if (!isWarm(machine)) return;
  const guard = () => ({ nonce: lock.nonceFor(id), signal });
  const passOver = (work: Promise<void>) => work.catch(() => signal.throwIfAborted());
  await passOver(api.machines.cordon(wish.app, id, guard()));
  if (drainMs > 0) await clock.sleep(drainMs, signal);
  await passOver(api.machines.stop(wish.app, id, guard()));
  const rests = (one?: FlyMachine) => one === undefined || one.state === "stopped" || undefined;
  await watch.until(id, rests, { timeoutMs: stopMs, signal });
}

/** Ends a machine; with the one that has the lock the lock is gone as well. */
export async function destroyMachine(
  { api, wish, lock, signal, progress }: Deployment,
  { id, name }: FlyMachine,
): Promise<void> {
  progress(`removing ${name}`);
  const isLock = id === lock.machine;
  await api.machines.destroy(wish.app, id, { force: true, nonce: lock.nonceFor(id), signal });
  if (isLock) lock.forget();
}
