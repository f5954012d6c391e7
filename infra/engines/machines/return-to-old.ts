import type { MachineView } from "../../drivers/processes";
import type { Update } from "./update";
import { returnFailed } from "./errors";
import { becomeHealthy, machineOf } from "./health";
import { healthOptions } from "./replace-machines";
import { keepLog } from "./settle";
import type { UpdateRecord } from "./update-journal";

/**
 * Brings back exactly what served before and removes exactly what the update started. Tells what serves
 * now. Nothing that answers is taken away before something else does.
 */
export async function returnToOld(update: Update, why: unknown): Promise<string> {
  const record = update.journal.record;
  if (!record) return "Nothing was changed.";
  try {
    const old = await bringBack(update, record);
    await returnAddress(update, record);
    await removeStarted(update, record);
    await update.journal.close();
    const { version } = old?.spec.metadata ?? {};
    return version ? `Version ${version} serves as before, verified.` : "Nothing of it was left behind.";
  } catch (error) {
    throw returnFailed(why, error);
  }
}

/** With a deadline of its own: an interruption asks for the way back, it does not end it. */
async function bringBack(update: Update, { before }: UpdateRecord): Promise<MachineView | undefined> {
  const patient = healthOptions(update, new AbortController().signal);
  let serving: MachineView | undefined;
  const failures: unknown[] = [];
  for (const { id, served } of before) {
    const machine = await machineOf(update.host, id);
    if (!served || !machine) continue;
    update.progress(`bringing ${id} back`);
    try {
      await update.host.start(id);
      serving = await becomeHealthy(update.host, machine.spec, "known", patient);
      await update.host.cordon(id, false);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, failures.map(String).join("\n"));
  return serving;
}

async function returnAddress({ app, host, port }: Update, record: UpdateRecord): Promise<void> {
  if (record.port === null) await host.close(app);
  else if (record.port !== port) await host.open({ group: app, host: "127.0.0.1", port: record.port });
}

async function removeStarted({ host }: Update, { started }: UpdateRecord): Promise<void> {
  for (const id of started) {
    const machine = await machineOf(host, id);
    if (!machine) continue;
    if (machine.health.status !== "passing") await keepLog(host.folder, machine);
    await host.drain(machine.spec);
    await host.remove(machine.spec);
  }
}
