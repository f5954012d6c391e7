import type { FlyMachine } from "../../drivers/fly-api";
import type { Deployment } from "./deployment";
import { isWarm } from "./fleet";

const stopMs = 30_000;

/** Takes a machine out of service without cutting a request off: no new ones, time for those under way, then the end. */
export async function retireMachine(deployment: Deployment, machine: FlyMachine, drainMs = 0): Promise<void> {
  const { api, wish, lock, watch, clock, signal, progress } = deployment;
  const { id, name } = machine;
  const guard = () => ({ nonce: lock.nonceFor(id), signal });
  progress(`removing ${name}`);
  if (isWarm(machine)) {
    const quiet = { timeoutMs: stopMs, signal };
    await passOver(signal, () => api.machines.cordon(wish.app, id, guard()));
    if (drainMs > 0) await clock.sleep(drainMs, signal);
    await passOver(signal, () => api.machines.stop(wish.app, id, guard()));
    const over = (state: string | undefined) => state === undefined || state === "stopped";
    await watch.until((machines) => over(machines.get(id)?.state) || undefined, quiet);
  }
  const isLock = id === lock.machine;
  await api.machines.destroy(wish.app, id, { force: true, ...guard() });
  if (isLock) lock.forget();
}

/** What only makes the end softer may fail: the end comes all the same. */
async function passOver(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  await work().catch(() => signal.throwIfAborted());
}
