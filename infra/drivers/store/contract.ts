import type { Readable, Writable } from "node:stream";

/** An object on its way into a store; until it is committed nobody sees it. */
export interface PendingObject {
  stream: Writable;
  commit(): Promise<void>;
  abandon(): Promise<void>;
}

/** Where archives are kept: objects under names such as `dnd-tracker/<id>.json`. */
export interface ArchiveStore {
  /** What a person would type to get there. */
  readonly location: string;
  create(name: string): Promise<PendingObject>;
  /** The whole of a small object at once; it appears whole or not at all. */
  put(name: string, text: string): Promise<void>;
  read(name: string): Promise<Readable>;
  /** Undefined when there is no such object. */
  get(name: string): Promise<string | undefined>;
  list(prefix: string): Promise<{ name: string; bytes: number }[]>;
  /** Deleting what is not there succeeds. */
  delete(name: string): Promise<void>;
}
