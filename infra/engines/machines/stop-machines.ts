import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { withFileLock } from "../../drivers/files";
import { ensureHost, observeHost, stopHost } from "../../drivers/processes";
import { localFolder } from "../../support";

const waitForOthersMs = 60_000;

/** Stops the app's machines and closes its address; with the last machine the daemon ends too. What is gone is fine. */
export async function stopMachines(app: string): Promise<void> {
  const folder = localFolder("machines");
  if (!existsSync(folder)) return;
  const lock = { what: "stopping the machines", waitMs: waitForOthersMs };
  await withFileLock(join(folder, "update.lock"), lock, async () => {
    const machines = (await observeHost(folder))?.machines ?? [];
    const own = machines.filter((one) => one.spec.group === app);
    if (own.length === machines.length) {
      await stopHost(folder);
    } else {
      const host = await ensureHost(folder);
      await host.close(app);
      await Promise.all(own.map((one) => host.remove(one.spec)));
    }
    await rm(join(folder, "update.json"), { force: true });
  });
}
