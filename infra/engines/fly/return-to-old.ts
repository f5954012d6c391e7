import type { FlyMachine } from "../../drivers/fly-api";
import { messageOf } from "../../support";
import { awaitHealthy } from "./await-healthy";
import type { Deployment } from "./deployment";
import { DeploymentReturned, ReturnFailed, type LeftBehind } from "./errors";
import { fleetOf, imageOf, isWarm } from "./fleet";
import { showAgain } from "./hide-old";
import { listForSure } from "./list-for-sure";
import { configOf, marksOf } from "./marks";
import { retireMachine } from "./retire-machine";
import { whatRuns } from "./what-runs";
import { updateMachine, provenConfig } from "./write-machine";

/**
 * Brings exactly those machines back that are not proven, the last changed first: no failed deployment leaves two
 * versions. Throws what went wrong in every case.
 */
export async function returnToOld(deployment: Deployment, cause: unknown): Promise<never> {
  const { wish, progress, ledger } = deployment;
  const seen = await listForSure(deployment).catch((error: unknown) => {
    throw new ReturnFailed(wish.app, cause, unseen(deployment, error));
  });
  const { own, passing } = fleetOf(seen);
  const order = ledger.changed.map(({ now }) => now.id);
  const unproven = [...own, ...passing]
    .filter((one) => marksOf(one).before !== undefined)
    .sort((a, b) => order.indexOf(b.id) - order.indexOf(a.id));
  if (unproven.length > 0)
    progress(`bringing ${unproven.length} machines back: ${messageOf(cause).split("\n")[0]}`);
  const left: LeftBehind[] = [];
  for (const machine of ledger.hidden) await attempt(left, machine, () => showAgain(deployment, machine));
  for (const machine of unproven.filter((one) => marksOf(one).before !== "none"))
    await attempt(left, machine, () => bringBack(deployment, machine));
  // What is new serves until all that is old serves again.
  for (const machine of unproven.filter((one) => marksOf(one).before === "none"))
    if (left.length === 0) await attempt(left, machine, () => retireMachine(deployment, machine));
  const runs = await whatRuns(deployment);
  if (left.length > 0) throw new ReturnFailed(wish.app, cause, left, runs);
  throw new DeploymentReturned(wish.app, cause, unproven.length, runs);
}

/** Of what is left when nothing can be seen, only the ledger tells. */
function unseen({ ledger }: Deployment, error: unknown): LeftBehind[] {
  const reason = messageOf(error).split("\n")[0] ?? "";
  return ledger.changed.map(({ now }) => ({
    machine: `${now.name} (${now.id})`,
    image: imageOf(now),
    reason,
  }));
}

async function attempt(left: LeftBehind[], machine: FlyMachine, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const reason = messageOf(error).split("\n")[0] ?? "";
    left.push({ machine: `${machine.name} (${machine.id})`, image: imageOf(machine), reason });
  }
}

async function bringBack(deployment: Deployment, machine: FlyMachine): Promise<void> {
  const { api, wish, lock, ledger, signal } = deployment;
  const change = ledger.of(machine.id);
  const config = (await (change?.before ?? provenConfig(deployment, machine))()) ?? configOf(machine);
  const launch = isWarm(change?.found ?? machine);
  const now = await updateMachine(deployment, machine, config, { before: undefined, launch });
  if (!launch) return;
  try {
    await awaitHealthy(deployment, now);
  } catch {
    // The one restart that the old version is allowed: it was proven before.
    signal.throwIfAborted();
    await api.machines.restart(wish.app, now.id, { nonce: lock.nonceFor(now.id), signal });
    const again = await api.machines.get(wish.app, now.id, { signal });
    await awaitHealthy(deployment, again ?? now);
  }
}
