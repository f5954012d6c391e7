import { userInfo } from "node:os";
import type { Collection, Db } from "mongodb";
import { z } from "zod";
import { NewerOverrideError } from "./errors";

const override = z.object({
  _id: z.literal("machines"),
  version: z.literal(1),
  count: z.int().nonnegative(),
  reason: z.string(),
  by: z.string(),
  at: z.date(),
  expires: z.date(),
});

const hello = z.looseObject({ localTime: z.date() });

/** A number of machines that somebody wants in place of the one in the settings, until it expires. */
export type MachinesOverride = z.infer<typeof override>;

function overrides(ops: Db): Collection<MachinesOverride> {
  return ops.collection<MachinesOverride>("overrides");
}

/**
 * The override of the number of machines; null where there is none, or where it has expired: by the clock of the database,
 * which is the same for everybody, whatever that of the machine says on which somebody runs an `up`.
 */
export async function machinesOverride(ops: Db): Promise<MachinesOverride | null> {
  const found = await overrides(ops).findOne({ _id: "machines" });
  if (!found) return null;
  const { localTime: now } = hello.parse(await ops.command({ hello: 1 }));
  if (found.version !== 1) throw new NewerOverrideError(found.version);
  const parsed = override.parse(found);
  return parsed.expires > now ? parsed : null;
}

/** Writes down what is wanted before anybody acts on it: whoever plans next reads it. */
export async function overrideMachines(
  ops: Db,
  {
    count,
    reason,
    expires,
    by = userInfo().username,
  }: Pick<MachinesOverride, "count" | "reason" | "expires"> & { by?: string },
): Promise<MachinesOverride> {
  const wanted = { version: 1 as const, count, reason, by, at: new Date(), expires };
  await overrides(ops).replaceOne({ _id: "machines" }, wanted, { upsert: true });
  return { _id: "machines", ...wanted };
}

/** Ends an override that wanted no machine: whoever brought the app back has ended it. */
export async function endRest(ops: Db): Promise<void> {
  await overrides(ops).deleteOne({ _id: "machines", count: 0 });
}

/** Ends the override; false where there was none. */
export async function clearMachinesOverride(ops: Db): Promise<boolean> {
  return (await overrides(ops).deleteOne({ _id: "machines" })).deletedCount > 0;
}
