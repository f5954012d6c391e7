import { openStore } from "../../drivers/store";
import { listArchives, loadManifest, type StorePlace } from "./catalog";

/** Enough to even out a busy machine, few enough to be read in a preview. */
const looked = 5;
/** Of so many times its bytes an archive tells nothing: a small one takes as long as it takes to begin and to end. */
const tellsOf = 20;

/** How long an archive of so many bytes takes, going by the newest ones of the database; null without any that tells. */
export async function expectedDuration(
  place: StorePlace,
  { database, bytes }: { database: string; bytes: number },
): Promise<number | null> {
  const store = openStore(place);
  const newest = (await listArchives(store, { database })).slice(0, looked);
  const manifests = await Promise.all(newest.map(({ id }) => loadManifest(store, id)));
  const rates = manifests
    .map(({ collections, durationMs }) => ({
      durationMs,
      bytes: collections.reduce((sum, one) => sum + one.bytes, 0),
    }))
    .filter((one) => one.bytes > 0 && one.bytes * tellsOf >= bytes)
    .map((one) => one.durationMs / one.bytes)
    .sort((a, b) => a - b);
  const median = rates[Math.floor(rates.length / 2)];
  return median === undefined ? null : Math.round(median * bytes);
}
