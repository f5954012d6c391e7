import { isAbsolute } from "node:path";
import { localFolder } from "../../support";
import type { ArchiveStore } from "./contract";
import { storeUnsupported } from "./errors";
import { FolderStore } from "./folder-store";

export type { ArchiveStore, PendingObject, StoredObject } from "./contract";
export { FolderStore } from "./folder-store";
export { MemoryStore } from "./memory-store";

/** The store that a setting names: a folder, below `.dnd/` unless it is absolute. A store that is open already stays. */
export function openStore(place: string | ArchiveStore): ArchiveStore {
  if (typeof place !== "string") return place;
  if (/^[a-z0-9]+:\/\//i.test(place)) throw storeUnsupported(place);
  return new FolderStore(isAbsolute(place) ? place : localFolder(place));
}
