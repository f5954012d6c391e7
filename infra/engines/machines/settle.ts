import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import type { MachineView } from "../../drivers/processes";
import type { Update } from "./update";

/** Ends the machines that a settled update has taken out, now or in a run after the one that was killed here. */
export async function clearUp({ app, host, journal, progress }: Update): Promise<void> {
  if (journal.record?.phase !== "settled") return;
  const { machines } = await host.view();
  const out = machines.filter((one) => one.spec.group === app && one.cordoned);
  if (out.length > 0) progress(`stopping ${out.length} old ${out.length === 1 ? "machine" : "machines"}`);
  await Promise.all(out.map((one) => host.remove(one.spec)));
  await journal.close();
}

/** The log of a machine that is removed because it failed stays, for whoever has to find out why. */
export async function keepLog(folder: string, machine: MachineView): Promise<void> {
  await copyFile(machine.log, join(folder, "last-failure.log")).catch(() => undefined);
}
