import { join } from "node:path";
import { withFileLock } from "../../drivers/files";
import { ensureHost, stopHost, type ControlClient } from "../../drivers/processes";
import { updateFailed, updateInterrupted } from "./errors";
import { isAnswering } from "./health";
import { ensureImage, pruneImages } from "./image-store";
import { openMachinesFolder } from "./machines-folder";
import { addressOf, asSeen } from "./observe-machines";
import { isServing, replaceMachines, stayedUp } from "./replace-machines";
import { returnToOld } from "./return-to-old";
import { clearUp } from "./settle";
import type { Deployed, EnsureOptions, Update } from "./update";
import { UpdateJournal } from "./update-journal";
import { isAsWanted } from "./wanted";

const waitForOthersMs = 60_000;
const startMs = 30_000;

/** Makes machines and address what is wanted. Whatever fails, what served before serves again; whoever was killed here, the next call carries on. */
export async function ensureMachines(options: EnsureOptions): Promise<Deployed> {
  const folder = await openMachinesFolder();
  const lock = { what: "updating the machines", waitMs: waitForOthersMs, signal: options.signal };
  return withFileLock(join(folder, "update.lock"), lock, async () => {
    const journal = await UpdateJournal.open(folder);
    const host = await ensureHost(folder, options.signal);
    const update: Update = {
      startTimeoutMs: startMs,
      gate: () => Promise.resolve(),
      ...options,
      host,
      journal,
    };
    await clearUp(update);
    if (!(await isDone(update))) await changeMachines(update);
    return deployed(update);
  });
}

async function changeMachines(update: Update): Promise<void> {
  const { app, host, journal, progress, signal } = update;
  const { machines, routes } = await host.view();
  const before = machines.filter((one) => one.spec.group === app);
  const port = routes.find((one) => one.group === app)?.port ?? null;
  try {
    const stored = await ensureImage(update.image, progress);
    // Where none gets requests they are held back for all, and all are the ones to return to.
    const held = before.every((one) => one.cordoned);
    await journal.begin(
      before.map((one) => ({ id: one.spec.id, served: one.state === "started" && (held || !one.cordoned) })),
      port,
    );
    await host.open({ group: app, host: "127.0.0.1", port: update.port });
    await replaceMachines(update, stored);
    signal.throwIfAborted();
    progress("verifying the new machines");
    await update.gate(addressOf(update.port));
    await stayedUp(update);
    signal.throwIfAborted();
  } catch (error) {
    const outcome = await returnToOld(update, error);
    await stopEmptyHost(host);
    throw signal.aborted ? updateInterrupted(error, outcome) : updateFailed(error, outcome);
  }
  await journal.settle();
  await clearUp(update);
  await pruneImages(new Set(before.flatMap((one) => one.spec.metadata.digest ?? [])));
}

/** Everything is as wanted and answers this very moment, and no update was cut off before its gate. */
async function isDone(update: Update): Promise<boolean> {
  if (update.journal.record) return false;
  const { machines, routes } = await update.host.view();
  const own = machines.filter((one) => one.spec.group === update.app);
  const route = routes.find((one) => one.group === update.app);
  if (route?.listening !== true || route.port !== update.port || own.length !== update.count) return false;
  if (!own.every((one) => isServing(one) && isAsWanted(one, update.image, update.env))) return false;
  // The supervisor needs a moment to notice that one was killed.
  const answers = await Promise.all(own.map((one) => isAnswering(one)));
  return answers.every(Boolean);
}

async function deployed({ app, host, port }: Update): Promise<Deployed> {
  const { machines } = await host.view();
  return { url: addressOf(port), machines: machines.filter((one) => one.spec.group === app).map(asSeen) };
}

/** A first deployment that failed leaves nothing running. */
async function stopEmptyHost(host: ControlClient): Promise<void> {
  if ((await host.view()).machines.length === 0) await stopHost(host.folder);
}
