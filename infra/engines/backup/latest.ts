import { z } from "zod";
import { openStore, type ArchiveStore } from "../../drivers/store";
import { listArchives, loadManifest, type StorePlace } from "./catalog";
import type { ArchiveSummary, Manifest } from "./manifest";
import { verificationsOf } from "./marks";
import { archiveName, manifestName } from "./names";

const latestFile = z.object({
  documentVersion: z.literal(1),
  /** Of all environments the newest. */
  id: z.string(),
  environments: z.record(z.string(), z.string()),
});
type Latest = z.infer<typeof latestFile>;

const latestName = (database: string) => `${database}/latest.json`;
const endings = [".gz", ".zst", ""].flatMap((compressed) => [compressed, `${compressed}.age`]);
const alias = (environment: string) => `backup-${environment}-latest`;

type Pointed = Pick<ArchiveSummary, "id" | "environment" | "database">;

/** The archive that `latest` names: the newest that was found whole when somebody last looked. */
export async function latestArchive(
  place: StorePlace,
  { database, environment }: { database: string; environment?: string | undefined },
): Promise<string | undefined> {
  const latest = await readLatest(openStore(place), database);
  return environment === undefined ? latest?.id : latest?.environments[environment];
}

/** Lets `latest` point to an archive that was just found whole, unless it points to a later one. */
export async function pointLatest(place: StorePlace, archive: Pointed): Promise<void> {
  const store = openStore(place);
  const before = await readLatest(store, archive.database);
  const { id, environment } = archive;
  const own = before?.environments[environment];
  if (own === undefined || own <= id) {
    const environments = { ...before?.environments, [environment]: id };
    await writeLatest(store, archive.database, environments);
    await link(store, await loadManifest(store, id));
  }
}

/** Looks for the newest whole archive of each environment: after one was found damaged, or was deleted. */
export async function repointLatest(place: StorePlace, database: string): Promise<void> {
  const store = openStore(place);
  const before = (await readLatest(store, database))?.environments ?? {};
  const environments: Record<string, string> = {};
  for (const { id, environment } of await listArchives(store, { database }))
    if (!(environment in environments) && (await isWhole(store, { database, id })))
      environments[environment] = id;
  await writeLatest(store, database, environments);
  for (const id of Object.values(environments)) await link(store, await loadManifest(store, id));
  for (const environment of Object.keys(before))
    if (!(environment in environments)) await unlink(store, environment, undefined);
}

/** Looks anew where `latest` names an archive that is gone, as a killed run may have left it. */
export async function mendLatest(place: StorePlace, database: string): Promise<void> {
  const store = openStore(place);
  const named = Object.values((await readLatest(store, database))?.environments ?? {});
  if (named.length === 0) return;
  const there = new Set((await store.list(database)).map(({ name }) => name));
  if (named.some((id) => !there.has(manifestName({ database, id })))) await repointLatest(store, database);
}

/** No archive is published before it was read again: only a later look can have found it wanting. */
async function isWhole(store: ArchiveStore, named: { database: string; id: string }): Promise<boolean> {
  return (await verificationsOf(store, named)).at(-1)?.ok ?? true;
}

async function readLatest(store: ArchiveStore, database: string): Promise<Latest | undefined> {
  const text = await store.get(latestName(database));
  if (text === undefined) return undefined;
  try {
    return latestFile.safeParse(JSON.parse(text)).data;
  } catch {
    // It is made anew from the archives themselves.
    return undefined;
  }
}

async function writeLatest(
  store: ArchiveStore,
  database: string,
  environments: Record<string, string>,
): Promise<void> {
  const id = Object.values(environments).sort().at(-1);
  if (id === undefined) return store.delete(latestName(database));
  await store.put(
    latestName(database),
    `${JSON.stringify({ documentVersion: 1, id, environments }, null, 1)}\n`,
  );
}

/** As in the guides: `backup-staging-latest.gz` beside the folders of the databases. */
async function link(store: ArchiveStore, manifest: Manifest): Promise<void> {
  const name = archiveName(manifest);
  const ending = name.slice(name.indexOf(".archive") + ".archive".length);
  await store.link?.(`${alias(manifest.environment)}${ending}`, name);
  await unlink(store, manifest.environment, ending);
}

async function unlink(store: ArchiveStore, environment: string, but: string | undefined): Promise<void> {
  for (const ending of endings) if (ending !== but) await store.unlink?.(`${alias(environment)}${ending}`);
}
