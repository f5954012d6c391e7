import { openStore, type ArchiveStore, type StoredObject } from "../../drivers/store";
import { ArchiveDamagedError, ArchiveMissingError, ArchiveNewerError } from "./errors";
import { summaryOf, type ArchiveSummary, type Manifest } from "./manifest";
import { archiveName, manifestName, parseName } from "./names";
import { manifestUnusable, parseManifest } from "./parsed-manifest";

/** A store, as a setting names it or opened already. */
export type StorePlace = string | ArchiveStore;

/** Which archives are asked for; all of them unless said otherwise. */
export interface ArchiveFilter {
  database?: string;
  environment?: string;
}

/** The good archives of a store, newest first: one whose file is missing or has another size is none. */
export async function listArchives(
  place: StorePlace,
  { database, environment }: ArchiveFilter = {},
): Promise<ArchiveSummary[]> {
  const store = openStore(place);
  const manifests = await goodManifests(store, await store.list(database), () => true);
  return manifests
    .filter((manifest) => environment === undefined || manifest.environment === environment)
    .map((manifest) => summaryOf(manifest, store))
    .sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** The good archive of that id; undefined when there is none. */
export async function findArchive(place: StorePlace, id: string): Promise<ArchiveSummary | undefined> {
  const store = openStore(place);
  const [manifest] = await goodManifests(store, await store.list(), (one) => one === id);
  return manifest && summaryOf(manifest, store);
}

async function goodManifests(
  store: ArchiveStore,
  objects: readonly StoredObject[],
  wanted: (id: string) => boolean,
): Promise<Manifest[]> {
  const sizes = new Map(objects.map(({ name, bytes }) => [name, bytes]));
  const named = objects.flatMap(({ name }) => parseName(name) ?? []);
  const manifests = await Promise.all(
    named
      .filter(({ kind, id }) => kind === "manifest" && wanted(id))
      .map((one) => readManifest(store, one).catch(unlessUnusable)),
  );
  return manifests.flatMap((manifest) =>
    manifest && sizes.get(archiveName(manifest)) === manifest.bytes ? [manifest] : [],
  );
}

/** What this checkout cannot use is no good archive to it; the store failing is another matter. */
function unlessUnusable(error: unknown): undefined {
  if (!(error instanceof ArchiveDamagedError || error instanceof ArchiveNewerError)) throw error;
}

/** The manifest of an archive; throws when there is none, or none that this checkout can read. */
export async function loadManifest(store: ArchiveStore, id: string): Promise<Manifest> {
  const named = (await store.list()).flatMap(({ name }) => parseName(name) ?? []);
  const found = named.find((one) => one.kind === "manifest" && one.id === id);
  const manifest = found && (await readManifest(store, found));
  if (!manifest) throw new ArchiveMissingError(id, store.location);
  return manifest;
}

async function readManifest(
  store: ArchiveStore,
  named: { database: string; id: string },
): Promise<Manifest | undefined> {
  const text = await store.get(manifestName(named));
  if (text === undefined) return undefined;
  const manifest = parseManifest(named.id, text);
  if (manifest.id !== named.id || manifest.database !== named.database)
    throw manifestUnusable(named.id, "it is the manifest of another archive");
  return manifest;
}
