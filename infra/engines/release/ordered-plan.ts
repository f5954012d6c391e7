import type { DatabaseAddress } from "../../drivers/mongo";
import { NothingToReturnFromError, OrderOutdatedError } from "./errors";
import type { Observers, PlanPolicy, ReleasePlan } from "./plan";
import type { RollbackOrder } from "./rollback-order";

/** A rollback was planned and confirmed before: what is left is its number, and what its archive would hold. */
export async function planOrdered(
  order: RollbackOrder,
  observers: Omit<Observers, "image">,
  policy: PlanPolicy,
  known?: DatabaseAddress,
): Promise<ReleasePlan> {
  const database = await observers.database(known);
  if (database.state !== "ready") throw new NothingToReturnFromError(database.state);
  const { address } = database;
  const [journal, migrations, expected] = await Promise.all([
    observers.newestRelease(address),
    observers.migrations(address),
    policy.backup ? observers.estimate(address) : null,
  ]);
  // A journal that was lost knows less than the history that the rollback was planned from: that is no newer release.
  const { newest } = journal;
  const { release, state } = order.plannedOn;
  const isOther =
    newest !== null && (newest._id > release || (newest._id === release && newest.state !== state));
  if (isOther) throw new OrderOutdatedError(order, newest);
  return {
    number: Math.max(newest?._id ?? 0, release) + 1,
    todo: true,
    why: [`back from release ${order.rollbackOf} to the state of release ${order.target}: ${order.reason}`],
    database: "ready",
    image: order.image,
    runningImage: journal.done?.image ?? null,
    schemaBefore: migrations.schemaVersion,
    pending: [],
    problems: [],
    // A way back ends with an app that serves: machines that were sent home for it come back with it.
    machines: journal.override?.count || null,
    backup: { wanted: policy.backup, expected },
  };
}
