import { listDescribed } from "../../infra/engines/backup";
import type { KnownArchive } from "../../infra/engines/release";
import { messageOf } from "../../infra/support";
import type { Settings } from "../../stacks/settings";

/** The archives of a stack in its store and the copies, the newest first; a store that does not answer is told of. */
export async function knownArchives(
  { backup, database, environment }: Pick<Settings, "backup" | "database" | "environment">,
  say: (line: string) => void,
): Promise<KnownArchive[]> {
  const filter = { database: database.name, environment };
  const stores = await Promise.all(
    [backup.store, ...backup.copies].map(async (store) => {
      try {
        return (await listDescribed(store, filter)).map(({ id, release, takenAt, bytes, verifications }) => ({
          ...{ id, store, release, takenAt, bytes },
          damaged: verifications.at(-1)?.ok === false,
        }));
      } catch (error) {
        say(`! the archives in ${store} are not counted: ${messageOf(error).split("\n")[0] ?? ""}`);
        return [];
      }
    }),
  );
  return soundest(stores.flat()).sort((one, other) => (one.takenAt < other.takenAt ? 1 : -1));
}

/** Of twins, the first that nobody has found wanting. */
function soundest(archives: readonly KnownArchive[]): KnownArchive[] {
  const best = new Map<string, KnownArchive>();
  for (const archive of archives) {
    const known = best.get(archive.id);
    if (!known || (known.damaged && !archive.damaged)) best.set(archive.id, archive);
  }
  return [...best.values()];
}
