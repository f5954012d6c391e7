import { MongoServerError, type Collection } from "mongodb";

// Today's number and that of older servers, which give it to other failures, too.
const noPlan = 291;
const badValue = 2;

/** Whether the server refuses what no index serves (`notablescan`): asked by a plan alone, which reads nothing. */
export async function isScanForbidden(collection: Collection): Promise<boolean> {
  try {
    await collection.find({ "a field that nobody has": 1 }).explain("queryPlanner");
    return false;
  } catch (error) {
    if (!(error instanceof MongoServerError)) throw error;
    if (error.code === noPlan) return true;
    if (error.code === badValue && /table scan/i.test(error.message)) return true;
    throw error;
  }
}
