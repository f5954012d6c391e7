import type { DatabaseAddress } from "../../drivers/mongo";
import { NothingToReturnFromError, NothingToScaleError } from "./errors";
import { servingRelease } from "./rollback-target";
import type { Observers, ReleasePlan } from "./plan";

/** The variable that keeps an `up` to the number of machines: no image, no migration, no release. */
export const holdVariable = "DND_HOLD_RELEASE";

/** A plan in which what runs goes on running, in another number: nothing that waits in the checkout comes with it. */
export async function planHeld(
  observers: Omit<Observers, "image">,
  known?: DatabaseAddress,
): Promise<ReleasePlan> {
  const database = await observers.database(known);
  if (database.state !== "ready") throw new NothingToReturnFromError(database.state);
  const [journal, migrations] = await Promise.all([
    observers.newestRelease(database.address),
    observers.migrations(database.address),
  ]);
  const releases = [journal.newest, journal.done].filter((one) => one !== null);
  const image = journal.done?.image ?? servingRelease({ releases })?.image;
  if (!image) throw new NothingToScaleError();
  return {
    // Without a number no step of a release is taken.
    ...{ number: null, todo: false, why: [], database: "ready", image, runningImage: image },
    ...{ schemaBefore: migrations.schemaVersion, pending: [], problems: [] },
    machines: journal.override?.count ?? null,
    backup: { wanted: false, expected: null },
  };
}
