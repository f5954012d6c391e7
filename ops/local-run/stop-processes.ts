import { stopHost } from "../../infra/drivers/processes";
import { stopLocalMongo } from "../../infra/engines/database";
import { removeAbandonedTrials } from "../../infra/engines/migration";
import { localFolder } from "../../infra/support";

/** Ends whatever of the local stack runs on this machine, without asking its state. */
export async function stopProcesses(): Promise<void> {
  await stopHost(localFolder("machines"));
  await stopLocalMongo(localFolder("mongo"));
  await removeAbandonedTrials();
}
