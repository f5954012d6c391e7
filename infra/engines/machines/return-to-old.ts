import type { MachineView } from "../../drivers/processes";
import { messageOf } from "../../support";
import { returnFailed } from "./errors";
import { becomeHealthy, machineOf } from "./health";
import { healthOptions, isServing } from "./replace-machines";
import { keepLog } from "./settle";
import type { Update } from "./update";
import type { UpdateRecord } from "./update-journal";

/**
 * Brings back exactly what served before and removes exactly what the update started. Tells what serves now. Nothing
 * that answers is taken away before something else does.
 */
export async function returnToOld(update: Update, why: unknown): Promise<string> {
  const record = update.journal.record;
  if (!record) return "Nothing was changed.";
  try {
    const { back, failures } = await bringBack(update, record);
    if (failures.length > 0 && !(await someReady(update, record))) throw asOne(failures);
    await returnAddress(update, record);
    await removeStarted(update, record);
    await update.journal.close();
    if (failures.length > 0) throw asOne(failures);
    const version = back[0]?.spec.metadata.version;
    return version ? `Version ${version} serves as before, verified.` : "Nothing of it was left behind.";
  } catch (error) {
    throw returnFailed(why, error);
  }
}

/** With a deadline of its own: an interruption asks for the way back, it does not end it. */
async function bringBack(
  update: Update,
  { before }: UpdateRecord,
): Promise<{ back: MachineView[]; failures: unknown[] }> {
  const patient = healthOptions(update, new AbortController().signal);
  const { host, progress } = update;
  const served = new Set(before.filter((one) => one.served).map((one) => one.id));
  const old = (await host.view()).machines.filter((one) => served.has(one.spec.id));
  const outcomes = await Promise.allSettled(
    old.map(async ({ spec }) => {
      progress(`bringing ${spec.id} back`);
      await host.start(spec.id);
      // Also one that is not well takes requests again as soon as its check passes: it did so before.
      return becomeHealthy(host, spec, "known", patient).finally(() => host.cordon(spec.id, false));
    }),
  );
  return {
    back: outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
    failures: outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : [])),
  };
}

/** Whether an old machine takes requests, well or not. */
async function someReady({ host }: Update, { before }: UpdateRecord): Promise<boolean> {
  const { machines } = await host.view();
  const old = machines.filter((one) => before.some(({ id }) => id === one.spec.id));
  return old.some(isServing);
}

function asOne(failures: unknown[]): unknown {
  return failures.length === 1
    ? failures[0]
    : new AggregateError(failures, failures.map(messageOf).join("\n  "));
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
