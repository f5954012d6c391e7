import { existsSync } from "node:fs";
import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { isRunning } from "../../drivers/processes";
import { addressOf, placesIn, readInstance, type Instance } from "./instance";

/** The local server as it is: never made, stopped or dead, there but not serving, or ready. */
export type Observed =
  | { state: "absent" }
  | { state: "down"; why: string; instance: Instance | undefined }
  | { state: "ready"; address: DatabaseAddress; instance: Instance };

const answerTimeoutMs = 2000;

/** Looks at the local server without changing anything. */
export async function observeLocalMongo(folder: string): Promise<Observed> {
  const instance = await readInstance(folder);
  if (!instance) {
    if (!existsSync(placesIn(folder).data)) return { state: "absent" };
    return { state: "down", why: "its first start was interrupted", instance };
  }
  if (!instance.process) return { state: "down", why: "it is stopped", instance };
  if (!isRunning(instance.process))
    return { state: "down", why: `process ${instance.process.pid} has ended`, instance };
  const address = addressOf(instance);
  try {
    const client = await connect(address, "migration", { signal: AbortSignal.timeout(answerTimeoutMs) });
    await client.close();
    return { state: "ready", address, instance };
  } catch (error) {
    return {
      state: "down",
      why: `it runs and does not serve: ${(error as Error).message.split("\n")[0] ?? ""}`,
      instance,
    };
  }
}
