import { openStore, type ArchiveStore } from "../../drivers/store";
import { ArchiveNewerError } from "./errors";
import {
  archiveName,
  manifestName,
  manifestSchema,
  summaryOf,
  type ArchiveSummary,
  type Manifest,
} from "./manifest";

/** The manifest of an archive that is whole; undefined when there is none, or its file is gone. */
export async function readManifest(
  store: ArchiveStore,
  database: string,
  id: string,
): Promise<Manifest | undefined> {
  const text = await store.get(manifestName({ database, id }));
  if (text === undefined) return undefined;
  const raw = JSON.parse(text) as { documentVersion?: unknown };
  if (raw.documentVersion !== 1) throw new ArchiveNewerError(id, raw.documentVersion);
  return manifestSchema.parse(raw);
}

/** The archives of a database, newest first; one whose file is missing or has another size is none. */
export async function listArchives(location: string, database: string): Promise<ArchiveSummary[]> {
  const store = openStore(location);
  const objects = await store.list(database);
  const sizes = new Map(objects.map(({ name, bytes }) => [name, bytes]));
  const summaries: ArchiveSummary[] = [];
  for (const { name } of objects) {
    const id = /([^/]+)\.json$/.exec(name)?.[1];
    const manifest = id && (await readManifest(store, database, id));
    if (manifest && sizes.get(archiveName(manifest)) === manifest.bytes)
      summaries.push(summaryOf(manifest, store.location, true));
  }
  return summaries.sort((a, b) => (a.takenAt < b.takenAt ? 1 : -1));
}

export async function findArchive(
  location: string,
  database: string,
  id: string,
): Promise<ArchiveSummary | undefined> {
  return (await listArchives(location, database)).find((archive) => archive.id === id);
}

/** Removes archives that a killed run left without a manifest, once they are old enough not to be under way. */
export async function sweepLeftovers(store: ArchiveStore, database: string): Promise<void> {
  const names = new Set((await store.list(database)).map(({ name }) => name));
  for (const name of names) {
    const id = /([^/]+)\.archive\.gz$/.exec(name)?.[1];
    if (id && !names.has(manifestName({ database, id })) && isOld(id)) await store.delete(name);
  }
}

const leftoverAgeMs = 3_600_000;

/** By the time in its name: an archive younger than an hour may be somebody's who is writing it now. */
function isOld(id: string): boolean {
  const [, date = "", time = ""] = /^(\d{8})T(\d{6})Z/.exec(id) ?? [];
  const taken = Date.parse(
    `${date.replace(/(\d{4})(\d\d)/, "$1-$2-")}T${time.replace(/(\d\d)(\d\d)/, "$1:$2:")}Z`,
  );
  return Number.isNaN(taken) || Date.now() - taken > leftoverAgeMs;
}
