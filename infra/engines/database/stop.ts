import { withFileLock } from "../../drivers/files";
import { stopMongod } from "../../drivers/mongod";
import { existsSync } from "node:fs";
import { placesIn, readInstance, writeInstance, type Instance } from "./instance";

const lockWaitMs = 60_000;

/** Stops the local server and keeps its data; one that does not run is left as it is. */
export async function stopLocalMongo(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  await withFileLock(
    placesIn(folder).lock,
    { what: "stopping the local database", waitMs: lockWaitMs },
    async () => {
      const instance = await readInstance(folder);
      if (instance) await stopInstance(folder, instance);
    },
  );
}

export async function stopInstance(folder: string, instance: Instance): Promise<void> {
  if (instance.process) await stopMongod(instance.process);
  await writeInstance(folder, { ...instance, process: null });
}
