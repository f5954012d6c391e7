import { isAbsolute } from "node:path";
import { localFolder } from "../../support";
import type { ArchiveStore } from "./contract";
import { unsupportedStore } from "./errors";
import { FolderStore } from "./folder-store";

export type { ArchiveStore, PendingObject } from "./contract";
export { FolderStore } from "./folder-store";

/** The store that a setting names: a folder, below `.dnd/` unless it is absolute. */
export function openStore(location: string): ArchiveStore {
  if (/^[a-z0-9]+:\/\//i.test(location)) throw unsupportedStore(location);
  return new FolderStore(isAbsolute(location) ? location : localFolder(location));
}
