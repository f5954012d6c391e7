import type { ArchiveStore } from "../../drivers/store";
import type { Manifest } from "./manifest";
import { archiveName, manifestName } from "./names";

type Origin = Pick<Manifest, "environment" | "database" | "release" | "takenAt" | "serverVersion">;

/** What an object says of itself to those who look at the store without our program. */
export function originOf({ environment, database, release, takenAt, serverVersion }: Origin) {
  return {
    environment,
    database,
    release: release === null ? "none" : String(release),
    "taken-at": takenAt,
    "server-version": serverVersion,
  };
}

/** The same with what is known once the archive is whole. */
export function metadataOf(manifest: Manifest): Record<string, string> {
  const { documents, collections, bytes, sha256, consistency } = manifest;
  return {
    ...originOf(manifest),
    documents: String(documents),
    collections: String(collections.length),
    bytes: String(bytes),
    sha256,
    consistency,
  };
}

/** Makes an archive one: its manifest is written, once, and from here on it lists. */
export function publish(store: ArchiveStore, manifest: Manifest, { once }: { once: boolean }): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  return store.put(manifestName(manifest), text, { metadata: metadataOf(manifest), once });
}

/** Locks what was written once, where the store does that; says why it could not. */
export async function lockArchive(store: ArchiveStore, manifest: Manifest): Promise<string | undefined> {
  const from = new Date(manifest.takenAt);
  const archive = await store.lock?.(archiveName(manifest), from);
  return archive ?? store.lock?.(manifestName(manifest), from);
}
