import { existsSync } from "node:fs";
import { withFileLock } from "../../drivers/files";
import { stopMongod } from "../../drivers/mongod";
import { OperatorError } from "../../support";
import { placesIn, readInstance, writeInstance, type Instance } from "./instance";
import { findRunning } from "./server-process";

const lockWaitMs = 2 * 60_000;

/** Stops the local server and keeps its data; one that does not run is left as it is. */
export async function stopLocalMongo(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const lock = { what: "stopping the local database", waitMs: lockWaitMs };
  await withFileLock(placesIn(folder).lock, lock, async () => {
    const instance = await readWhatIsKnown(folder);
    const running = findRunning(folder, instance);
    if (running) await stopMongod(running.process);
    if (instance?.process) await writeInstance(folder, { ...instance, process: null });
  });
}

/** A record that cannot be read keeps nobody from stopping the server. */
async function readWhatIsKnown(folder: string): Promise<Instance | undefined> {
  try {
    return await readInstance(folder);
  } catch (error) {
    if (error instanceof OperatorError) return undefined;
    throw error;
  }
}
