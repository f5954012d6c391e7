import type { ArchiveStore, StoredObject } from "../../drivers/store";
import { ArchiveDamagedError, ArchiveMissingError, ArchiveNewerError } from "./errors";
import { loadManifest } from "./catalog";
import { holdOf, verificationsOf } from "./marks";
import { archiveName, manifestName, parseName } from "./names";
import type { KeptArchive } from "./retention";

/** What a store has for retention to decide on, and what retention must leave alone. */
export interface FoundArchives {
  archives: KeptArchive[];
  /** Manifests that cannot be read say neither of when nor of where an archive is: nobody may decide on them. */
  unreadable: { id: string; why: string }[];
}

/** Everything that has a manifest, good or not. */
export async function foundArchives(store: ArchiveStore): Promise<FoundArchives> {
  const objects = await store.list();
  const found: FoundArchives = { archives: [], unreadable: [] };
  for (const { name } of objects) {
    const named = parseName(name);
    if (named?.kind !== "manifest") continue;
    try {
      found.archives.push(await keptArchive(store, objects, named));
    } catch (error) {
      // Deleted between the list and the look: somebody else prunes.
      if (error instanceof ArchiveMissingError) continue;
      if (!(error instanceof ArchiveDamagedError || error instanceof ArchiveNewerError)) throw error;
      found.unreadable.push({ id: named.id, why: error.message.split("\n")[0] ?? "" });
    }
  }
  return found;
}

/** Why an archive must stay though no rule keeps it; null when it need not. */
export async function holdReason(
  store: ArchiveStore,
  named: { database: string; id: string },
): Promise<string | null> {
  return (await holdOf(store, named))?.reason ?? null;
}

async function keptArchive(
  store: ArchiveStore,
  objects: readonly StoredObject[],
  named: { database: string; id: string },
): Promise<KeptArchive> {
  const manifest = await loadManifest(store, named.id);
  const { id, environment, database, release, takenAt } = manifest;
  const name = archiveName(manifest);
  const isWhole = objects.some((one) => one.name === name && one.bytes === manifest.bytes);
  const last = (await verificationsOf(store, manifest)).at(-1);
  const hold = await holdReason(store, manifest);
  return { id, environment, database, release, takenAt, good: isWhole && (last?.ok ?? true), hold };
}

/** The names of everything that belongs to an archive, in the order in which it may be deleted: the manifest first. */
export async function objectsOf(
  store: ArchiveStore,
  named: { database: string; id: string },
): Promise<string[]> {
  const names = (await store.list(named.database)).map(({ name }) => name);
  const own = names.filter(
    (name) => name.startsWith(`${named.database}/${named.id}.`) && !name.endsWith(".claim"),
  );
  const manifest = manifestName(named);
  return [manifest, ...own.filter((name) => name !== manifest)];
}
