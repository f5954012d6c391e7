import { exitInWords, type MachineView } from "../../drivers/processes";
import { becomeHealthy, machineFailure, type HealthOptions } from "./health";
import type { StoredImage } from "./image-store";
import type { Update } from "./update";
import { isAsWanted, newMachine, withoutSecretsOf } from "./wanted";

/**
 * One by one: a new machine starts and proves itself before an old one gets no more requests. The old ones stay, ready
 * to serve again, until the update is settled.
 */
export async function replaceMachines(update: Update, stored: StoredImage): Promise<void> {
  const { app, count, host, progress } = update;
  const own = (await host.view()).machines.filter((one) => one.spec.group === app);
  const fitting = own.filter((one) => isAsWanted(one, update.image, update.env)).sort(servingFirst);
  const kept = await serveWith(update, fitting.slice(0, count));
  const leaving = own.filter((one) => !kept.includes(one.spec.id)).sort(servingFirst);
  for (let number = kept.length + 1; number <= count; number++) {
    progress(`starting machine ${number} of ${count}, version ${update.image.version}`);
    kept.push(await startNew(update, stored));
    const next = leaving.pop();
    if (next) await retire(update, next);
  }
  for (const machine of leaving) await retire(update, machine);
}

/** Throws when a machine that this update started has fallen over since it was well. */
export async function stayedUp(update: Update): Promise<void> {
  const started = new Set(update.journal.record?.started);
  for (const machine of (await update.host.view()).machines) {
    if (started.has(machine.spec.id) && machine.exit !== null) {
      throw await machineFailure(
        machine,
        `${exitInWords(machine.exit)} after it was healthy`,
        healthOptions(update),
      );
    }
  }
}

/** How a machine's health is waited for in this update. */
export function healthOptions(update: Update, signal = update.signal): HealthOptions {
  return {
    timeoutMs: update.startTimeoutMs,
    signal,
    clean: (text) => withoutSecretsOf(update.env, text),
  };
}

/** Those that fit already serve again when they can; one that cannot is replaced like an old one. */
async function serveWith(update: Update, machines: MachineView[]): Promise<string[]> {
  const serving: string[] = [];
  for (const { spec } of machines) {
    try {
      await update.host.start(spec.id);
      await becomeHealthy(update.host, spec, "known", healthOptions(update));
      await update.host.cordon(spec.id, false);
      serving.push(spec.id);
    } catch (error) {
      update.signal.throwIfAborted();
      update.progress(`${spec.id} is replaced: ${String(error).split("\n")[0]}`);
    }
  }
  return serving;
}

async function startNew(update: Update, stored: StoredImage): Promise<string> {
  const { app, env, host, image, journal } = update;
  update.signal.throwIfAborted();
  const machine = newMachine(app, image, stored, env);
  const { id } = machine.spec;
  await journal.willStart(id);
  await host.create(machine.spec, machine.env, true);
  await host.start(id);
  await becomeHealthy(host, machine.spec, "new", healthOptions(update));
  await host.cordon(id, false);
  return id;
}

async function retire({ host, progress, signal }: Update, machine: MachineView): Promise<void> {
  signal.throwIfAborted();
  progress(`taking ${machine.spec.id} out`);
  await host.drain(machine.spec);
}

function servingFirst(a: MachineView, b: MachineView): number {
  return Number(isServing(b)) - Number(isServing(a));
}

/** Gets requests and answers its checks, as far as the supervisor knows. */
export function isServing(machine: MachineView): boolean {
  return machine.state === "started" && machine.health.status === "passing" && !machine.cordoned;
}
