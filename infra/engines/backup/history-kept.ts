import { atDatabase, type DatabaseAddress } from "../../drivers/mongo";
import { listArchives, type StorePlace } from "./catalog";
import { describeArchive } from "./described";
import { snapshotWindowMs } from "./snapshot";

/** How long a server keeps what was, and how long its newest archive took; null where there is none yet. */
export async function historyKept(
  address: DatabaseAddress,
  place: StorePlace,
  signal?: AbortSignal,
): Promise<{ windowMs: number; lastMs: number } | null> {
  const [newest] = await listArchives(place, { database: address.name });
  if (!newest) return null;
  const { manifest } = await describeArchive(place, newest.id);
  const options = { appName: "dnd-doctor", signal };
  const windowMs = await atDatabase(address, "backup", options, ({ client }) => snapshotWindowMs(client));
  return { windowMs, lastMs: manifest.durationMs };
}
