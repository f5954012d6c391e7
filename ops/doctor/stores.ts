import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { FolderStore, openStore } from "../../infra/drivers/store";
import { formatDuration, OperatorError } from "../../infra/support";
import type { Settings } from "../../stacks/settings";
import { missing, ok, warning, type Finding } from "./finding";

/** Longer than a store that is well takes, and short enough for whoever waits for the doctor. */
const usualPatienceMs = 10_000;

/** Whether archives can be kept: a small object is written, read and deleted in each store of a stack. */
export async function examineStores(
  { enabled, store, copies }: Pick<Settings["backup"], "enabled" | "store" | "copies">,
  patienceMs = usualPatienceMs,
): Promise<Finding[]> {
  if (!enabled) return [];
  return Promise.all(
    [store, ...copies].map(async (place, at) => {
      const what = at === 0 ? "backup.store" : `backup.store ${at + 1}`;
      const found = await tried(place, patienceMs);
      if (found.well) return ok(what, found.says);
      // Without its first store a stack makes no archive; without a further one it has fewer copies.
      return (at === 0 ? missing : warning)(what, found.says, found.remedy);
    }),
  );
}

type Tried = { well: true; says: string } | { well: false; says: string; remedy: string };

async function tried(place: string, patienceMs: number): Promise<Tried> {
  const patience = AbortSignal.timeout(patienceMs);
  const remedy = `Look at ${place}, or set backup.store to another place.`;
  try {
    const store = openStore(place, patience);
    const why = await store.whyNotWritable();
    patience.throwIfAborted();
    if (why !== undefined) return { well: false, ...split(why, remedy) };
    if (store instanceof FolderStore && !existsSync(store.location))
      return { well: true, says: `${store.location}: can be made` };
    const took = await roundTrip(store);
    return { well: true, says: `${store.location}: written, read and deleted in ${formatDuration(took)}` };
  } catch (error) {
    if (patience.aborted)
      return { well: false, says: `${place} did not answer within ${formatDuration(patienceMs)}`, remedy };
    if (error instanceof OperatorError) return { well: false, ...split(error.message, error.remedy) };
    throw error;
  }
}

/** A failure of the operator's comes with its remedy on a line of its own. */
function split(message: string, remedy: string): { says: string; remedy: string } {
  const [says = "", told] = message.split("\n  ");
  return { says, remedy: told ?? remedy };
}

async function roundTrip(store: ReturnType<typeof openStore>): Promise<number> {
  const started = performance.now();
  const name = `dnd-doctor-${randomUUID()}.json`;
  const text = JSON.stringify({ written: new Date().toISOString() });
  await store.put(name, text);
  try {
    if ((await store.get(name)) !== text)
      throw new OperatorError({
        code: "store-not-read-back",
        message: `the store ${store.location} does not give back what was written`,
        remedy: "Look at what stands between this machine and the store, then run the command again.",
      });
  } finally {
    await store.delete(name);
  }
  return performance.now() - started;
}
