import { addressOf, type BackupPlace } from "./place";
import type { BackupOptions } from "./options";

/** What of the care for archives the monitor watches the age of. */
export type CareName = "retention" | "restore-test" | "archive-verified";

/** Writes down that it was done for a stack's archives, for the monitor to know; whether that can be written decides nothing. */
export async function signOfLife(
  options: BackupOptions,
  place: BackupPlace,
  name: CareName,
  note?: string,
): Promise<void> {
  if (!place.settings) return;
  const { atDatabase } = require("../../infra/drivers/mongo") as typeof import("../../infra/drivers/mongo");
  const { beat } =
    require("../../infra/engines/monitoring") as typeof import("../../infra/engines/monitoring");
  try {
    const address = await addressOf(options, place);
    await atDatabase(address, "backup", { appName: "dnd-backup" }, ({ ops }) => beat(ops, name, note));
  } catch {
    // The monitor then goes by the time before, and tells of it when that is too long ago.
  }
}
