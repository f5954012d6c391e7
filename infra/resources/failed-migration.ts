import type { FailurePolicy } from "../engines/migration";
import type { LifecycleContext } from "./lifecycle";
import type { MigrationRunInputs } from "./migration-run";

const backups = () => require("../engines/backup") as typeof import("../engines/backup");

/** How a release's failed migration comes back out of the release's archive; refuses where nothing opens that one. */
export async function restoreOf(
  { address, archive, store }: MigrationRunInputs,
  { progress, signal }: LifecycleContext,
): Promise<FailurePolicy["restore"]> {
  if (!archive || !store) return undefined;
  const keys = await backups().readKeys(process.env);
  const from = { store, id: archive, keys, signal };
  await backups().requireRestorable(from);
  return async (collections) => {
    const { undoable } = await backups().restoreCollections({ ...from, to: address, collections, progress });
    return undoable
      ? "`dnd backup undo` puts back what stood there, `dnd backup confirm` drops it"
      : undefined;
  };
}
