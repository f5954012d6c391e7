import { resolve } from "node:path";
import type { FailurePolicy } from "../../infra/engines/migration";
import type { DatabaseAddress } from "../../infra/drivers/mongo";
import { formatSize, type Progress } from "../../infra/support";
import { encryptionOf } from "../backup";
import { engine } from "./engine";
import { usage, type MigrateOptions } from "./options";
import { settingsWithStore } from "../stack-store";
import { rulesOf, type MigrationsPlace } from "./place";

const backups = () => require("../../infra/engines/backup") as typeof import("../../infra/engines/backup");

interface Work {
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Takes the archive that a failed migration of this run comes back from, before anything runs; gives the way back. Where
 * nothing would run there is none, and where it cannot be had or not be opened nothing runs.
 */
export async function archiveOfRun(
  options: MigrateOptions,
  place: MigrationsPlace & { address: DatabaseAddress },
  { progress, signal }: Work,
): Promise<FailurePolicy["restore"]> {
  const { address, folder, settings } = place;
  const { pending, problems } = await engine().planMigrations({ address, folder, ...rulesOf(place), signal });
  if (pending.length === 0 || problems.length > 0) return undefined;
  const store =
    options.store === undefined
      ? settings && (await settingsWithStore(options.stack)).backup.store
      : storeAt(options.store);
  if (store === undefined) throw usage("--on-failure restore wants --store: no stack says where archives go");
  const { takeBackup, requireRestorable, restoreCollections, readKeys } = backups();
  const keys = await readKeys(process.env);
  const archive = await takeBackup({
    address,
    store,
    environment: settings?.environment ?? "development",
    release: null,
    preset: settings?.backup.compression,
    encryption: encryptionOf({}, settings),
    progress,
    signal,
  });
  progress(`archive ${archive.id}, ${formatSize(archive.bytes)}`);
  const from = { store, id: archive.id, keys };
  await requireRestorable({ ...from, signal });
  return async (collections) => {
    const { undoable } = await restoreCollections({ ...from, to: address, collections, progress });
    return undoable
      ? "`dnd backup undo` puts back what stood there, `dnd backup confirm` drops it"
      : undefined;
  };
}

/** A folder that somebody typed is where they are. */
function storeAt(place: string): string {
  return /^[a-z0-9]+:\/\//i.test(place) ? place : resolve(place);
}
