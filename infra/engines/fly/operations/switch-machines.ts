import type { FlyApi, FlyMachine, MachineEvent } from "../../../drivers/fly-api";
import { silent, systemClock, type Clock, type Progress } from "../../../support";
import { DeploymentLock } from "../deployment-lock";
import { isWarm } from "../fleet";
import { observeFleet } from "../observe-fleet";
import { inPool } from "../pool";

export interface SwitchOptions {
  api: FlyApi;
  clock?: Clock;
  signal?: AbortSignal | undefined;
  progress?: Progress;
}

const atOnce = 8;
const patienceMs = 45_000;

type Guard = (machine: FlyMachine) => { nonce: string | undefined; signal: AbortSignal };
type Work = (app: string, machine: FlyMachine, guard: ReturnType<Guard>) => Promise<void>;

/** Stops all machines that run; none of another's making. */
export async function stopAll(app: string, options: SwitchOptions): Promise<number> {
  const { api } = options;
  return forEach(app, options, isWarm, (name, { id }, guard) => api.machines.stop(name, id, guard));
}

/** Starts all machines that rest. */
export async function startAll(app: string, options: SwitchOptions): Promise<number> {
  const { api } = options;
  const rests = (machine: FlyMachine) => !isWarm(machine) || machine.state === "failed";
  return forEach(app, options, rests, (name, { id }, guard) => api.machines.start(name, id, guard));
}

/** Restarts all machines that run, one after the other: the others serve meanwhile. */
export async function restartAll(app: string, options: SwitchOptions): Promise<number> {
  const { api, clock = systemClock } = options;
  const restart: Work = async (name, { id }, guard) => {
    await api.machines.restart(name, id, guard);
    await clock.sleep(1000, guard.signal);
    await api.machines.wait(name, id, { states: ["started"], timeoutMs: 60_000, signal: guard.signal });
  };
  return forEach(app, options, (one) => one.state === "started", restart, 1);
}

/** Takes all machines from the proxy's sight, or gives them back; they go on running. */
export async function setMaintenance(app: string, on: boolean, options: SwitchOptions): Promise<number> {
  const { api } = options;
  const differs = (machine: FlyMachine) => (machine.cordoned ?? false) !== on;
  return forEach(app, options, differs, (name, { id }, guard) =>
    on ? api.machines.cordon(name, id, guard) : api.machines.uncordon(name, id, guard),
  );
}

/** The newest events of all machines, newest first. */
export async function listEvents(
  app: string,
  { api, signal }: SwitchOptions,
): Promise<(MachineEvent & { machine: string })[]> {
  const machines = await api.machines.list(app, { signal, includeDeleted: true });
  return machines
    .flatMap(({ name, events }) => (events ?? []).map((event) => ({ ...event, machine: name })))
    .sort((a, b) => b.timestamp - a.timestamp);
}

async function forEach(
  app: string,
  options: SwitchOptions,
  choose: (machine: FlyMachine) => boolean,
  work: Work,
  lanes = atOnce,
): Promise<number> {
  const { api, clock = systemClock, progress = silent } = options;
  const asked = options.signal ?? new AbortController().signal;
  const { own } = await observeFleet({ api, app, clock, signal: asked });
  const chosen = own.filter(choose);
  const [oldest] = own;
  if (!oldest || chosen.length === 0) return 0;
  const lock = new DeploymentLock({ api, app, clock, signal: asked, progress, patienceMs });
  const signal = AbortSignal.any([asked, lock.lost]);
  await lock.take(oldest.id);
  try {
    await inPool(chosen, lanes, async (machine) => {
      lock.assertHeld();
      await work(app, machine, { nonce: lock.nonceFor(machine.id), signal });
    });
    return chosen.length;
  } finally {
    await lock.release();
  }
}
