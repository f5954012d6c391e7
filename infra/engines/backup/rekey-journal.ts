import type { ArchiveStore } from "../../drivers/store";
import { HashedBytes } from "./hashed-bytes";
import { manifestSchema, type Manifest } from "./manifest";
import { archiveName } from "./names";
import { publish } from "./publish";

const journalEnding = ".rekey.json";
const journalName = ({ database, id }: Manifest) => `${database}/${id}${journalEnding}`;

/** Written before an archive is replaced: a run that is killed between file and manifest leaves enough to finish it. */
export function announceRekey(store: ArchiveStore, manifest: Manifest): Promise<void> {
  return store.put(journalName(manifest), JSON.stringify(manifest));
}

/** The manifest follows its archive. */
export async function completeRekey(store: ArchiveStore, manifest: Manifest): Promise<void> {
  await publish(store, manifest, { once: false });
  await store.delete(journalName(manifest));
}

/** Completes what a killed run began, or forgets it where the archive was not replaced yet. */
export async function finishRekey(store: ArchiveStore, id: string): Promise<void> {
  const objects = await store.list();
  const journal = objects.find(({ name }) => name.endsWith(`/${id}${journalEnding}`));
  const text = journal && (await store.get(journal.name));
  if (!journal || text === undefined) return;
  const announced = manifestSchema.safeParse(parseJson(text));
  if (announced.success && (await isThere(store, announced.data)))
    return completeRekey(store, announced.data);
  await store.delete(journal.name);
}

/** Whether the very bytes that a manifest describes are in a store. */
export async function isThere(store: ArchiveStore, manifest: Manifest): Promise<boolean> {
  const name = archiveName(manifest);
  const objects = await store.list(manifest.database);
  if (!objects.some((one) => one.name === name && one.bytes === manifest.bytes)) return false;
  const stored = new HashedBytes(await store.read(name));
  for await (const bytes of stored) void bytes;
  return stored.sha256() === manifest.sha256;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
