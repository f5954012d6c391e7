import { refusesLogin } from "../../infra/drivers/mongo";
import { newestRelease, type RestoreOnce } from "../../infra/engines/release";
import { OperatorError } from "../../infra/support";
import type { StackEngine, StackPlace } from "../engine";
import { atOperations } from "../operations-database";
import { alreadyServes } from "./errors";
import type { RecoverOptions } from "./options";

const userType = "mongodbatlas:index/databaseUser:DatabaseUser";

/** Whether an earlier run has brought the data back already; a stack that serves is not nothing. */
export async function restoredAlready(
  options: RecoverOptions,
  engine: StackEngine,
  place: StackPlace,
): Promise<boolean> {
  try {
    return await atOperations(options, async ({ ops }) => {
      const newest = await newestRelease(ops);
      if (!newest) return false;
      if (newest.state === "done") throw alreadyServes(options.stack, newest._id);
      const keys = await ops.collection<RestoreOnce>("oneTimeKeys").find({}).toArray();
      const restored = newest.steps.some(({ name, outcome }) => name === "restore" && outcome === "done");
      return restored && keys.some(({ release, purpose }) => purpose === "restore" && release === newest._id);
    });
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    if (nothingThere.has(error.code)) return false;
    // A run that was cut off has made a cluster, and nobody yet who may log in there.
    if (refusesLogin(error) && !(await hasUsers(engine, place))) return false;
    throw error;
  }
}

/** How a stack looks that there is nothing of yet. */
const nothingThere = new Set(["no-database", "stack-missing", "usage", "cluster-being-made"]);

async function hasUsers(engine: StackEngine, place: StackPlace): Promise<boolean> {
  const held = await engine.resources(place);
  return held.some(({ urn }) => urn.includes(userType));
}
