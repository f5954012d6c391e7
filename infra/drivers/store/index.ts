import { isAbsolute } from "node:path";
import { localFolder } from "../../support";
import type { ArchiveStore } from "./contract";
import { storeUnsupported } from "./errors";
import { FolderStore } from "./folder-store";
import { parsePlace, S3Store } from "./s3";

export type { ArchiveStore, ObjectLock, ObjectWishes, PendingObject, StoredObject } from "./contract";
export { FolderStore } from "./folder-store";
export { bucketState, type BucketState } from "./s3";
export { MemoryStore } from "./memory-store";

/** Whether every machine that has its keys comes to a store by its address. */
export function isFarStore(place: unknown): place is string {
  return typeof place === "string" && /^s3:/i.test(place);
}

/** The store that a setting names: a folder (below `.dnd/` unless it is absolute) or `s3://bucket/prefix`, whose requests end with the signal. A store that is open already stays. */
export function openStore(place: string | ArchiveStore, signal?: AbortSignal): ArchiveStore {
  if (typeof place !== "string") return place;
  if (isFarStore(place)) return new S3Store(parsePlace(place), signal);
  if (/^[a-z0-9]+:\/\//i.test(place)) throw storeUnsupported(place);
  return new FolderStore(isAbsolute(place) ? place : localFolder(place));
}
