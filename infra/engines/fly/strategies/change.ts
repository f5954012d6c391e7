import type { FlyMachine } from "../../../drivers/fly-api";
import { awaitHealthy } from "../await-healthy";
import type { Deployment } from "../deployment";
import { isWarm } from "../fleet";
import { isHeldBack, letIn } from "../hide-old";
import { growingMark, marksOf } from "../marks";
import {
  volumeGrowth,
  type Create,
  type Prove,
  type Replace,
  type Target,
  type Update,
} from "../plan-deployment";
import { growVolume, mountOf } from "../volumes";
import { addMachine, changeMachine } from "../write-machine";

/** An operation that brings a machine to what is wanted. */
export type Change = Update | Prove | Create | Replace;

/** A second machine beside it would need a second volume, without the data of the first. */
export function canBeDoubled(change: Change): boolean {
  return mountOf(change.to.config) === undefined;
}

const stopMs = 60_000;

/** Does one operation and sees it through to health. */
export async function makeChange(deployment: Deployment, change: Change, boot = false): Promise<void> {
  if (change.kind === "create" || change.kind === "replace") {
    deployment.progress(`making ${change.name}`);
    await awaitHealthy(deployment, await addMachine(deployment, change.name, change.to), new Set());
    return;
  }
  const { machine } = change;
  const warm = isWarm(machine);
  const written = change.kind === "update" ? await write(deployment, change, warm || boot) : machine;
  if (isHeldBack(machine)) await letIn(deployment, machine);
  if (warm || boot) await awaitHealthy(deployment, written);
  if (boot && !warm) await rest(deployment, machine, machine.state);
}

async function write(
  deployment: Deployment,
  { machine, to, differences }: Update,
  launch: boolean,
): Promise<FlyMachine> {
  const { api, wish, signal } = deployment;
  const again = await grow(deployment, machine, to);
  // A machine at rest sees the whole of its volume when it starts.
  const onlyGrown = differences.every((one) => one === volumeGrowth);
  if (onlyGrown && !(again && launch)) {
    await api.machines.deleteMetadata(wish.app, machine.id, growingMark, { signal });
    return machine;
  }
  deployment.progress(`updating ${machine.name}`);
  return changeMachine(deployment, machine, to.config, launch);
}

/** Whether the machine has to start again; a mark tells the next run so, should this one die before that start. */
async function grow(deployment: Deployment, machine: FlyMachine, { volume }: Target): Promise<boolean> {
  if (!volume?.growth) return marksOf(machine).isGrowing;
  const { api, wish, signal } = deployment;
  await api.machines.setMetadata(wish.app, machine.id, growingMark, String(volume.growth.toGb), { signal });
  return growVolume(deployment, volume);
}

/** A machine that was started to be tried goes to the rest that its place was found in. */
export async function rest(
  { api, wish, lock, watch, signal }: Deployment,
  { id }: FlyMachine,
  state: string,
): Promise<void> {
  const options = { nonce: lock.nonceFor(id), signal };
  if (state === "suspended") await api.machines.suspend(wish.app, id, options);
  else await api.machines.stop(wish.app, id, options);
  const rests = (machine?: FlyMachine) => machine?.state === "stopped" || machine?.state === "suspended";
  await watch.until(id, (machine) => rests(machine) || undefined, { timeoutMs: stopMs, signal });
}

/** The machine that an operation is about belongs to this group. */
export function groupOf(change: Change): string {
  return "machine" in change ? (marksOf(change.machine).group ?? change.to.group) : change.to.group;
}
