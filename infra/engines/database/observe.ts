import { connect, type DatabaseAddress } from "../../drivers/mongo";
import { isRunning, type ProcessIdentity } from "../../drivers/processes";
import { messageOf } from "../../support";
import { addressOf, readInstance, type Instance } from "./instance";
import { patienceFor } from "./patience";
import { hasData } from "./room";

/** A server that was seen to run, for a database whose users are made. */
export type ReadyInstance = Instance & { process: ProcessIdentity; database: string };

/** The local server as it is: nothing in it yet, stopped or dead, there but not serving, or ready. */
export type Observed =
  | { state: "absent" }
  | { state: "down"; why: string; instance: Instance | undefined }
  | { state: "ready"; address: DatabaseAddress; instance: ReadyInstance };

// A busy computer is no dead server: whoever waits too little would start again what serves.
const answerTimeoutMs = 5000;

/** Looks at the local server without changing anything. */
export async function observeLocalMongo(folder: string): Promise<Observed> {
  if (!(await hasData(folder))) return { state: "absent" };
  const instance = await readInstance(folder);
  // A first start that was cut off has left no data that anybody put there.
  if (instance?.firstStart) return { state: "absent" };
  const down = (why: string): Observed => ({ state: "down", why, instance });
  if (!instance) return down("nothing is known of it");
  const { process, database } = instance;
  if (!process) return down("it is stopped");
  if (!isRunning(process)) return down(`process ${process.pid} has ended`);
  if (database === null) return down("its users are not made yet");
  const address = addressOf(folder, instance.port, database);
  const why = await whyNotServing(address);
  return why === undefined
    ? { state: "ready", address, instance: { ...instance, process, database } }
    : down(`it runs and does not serve: ${why}`);
}

/** Logs in and needs the primary, as all work does. */
async function whyNotServing(address: DatabaseAddress): Promise<string | undefined> {
  try {
    // A server that is only slow must not be taken for one that is stuck: that one is started again.
    const client = await connect(address, "migration", {
      mayBeStarting: true,
      signal: AbortSignal.timeout(patienceFor(answerTimeoutMs)),
    });
    await client.close();
    return undefined;
  } catch (error) {
    return messageOf(error).split("\n")[0] ?? "";
  }
}
