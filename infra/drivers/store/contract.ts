import type { Readable } from "node:stream";

/** An object on its way into a store; until it is committed nobody sees it. */
export interface PendingObject {
  /** Resolves when more may come: whoever awaits it never fills the memory. */
  write(bytes: Uint8Array): Promise<void>;
  /** The object is whole and durable from here on. */
  commit(): Promise<void>;
  /** Takes back everything written; after a commit it does nothing. */
  abandon(): Promise<void>;
}

export interface StoredObject {
  name: string;
  bytes: number;
}

/** What a store that can do it keeps with an object; one that cannot leaves it out. */
export interface ObjectWishes {
  /** Such as environment, database and release. */
  metadata?: Record<string, string> | undefined;
  /** How large it may become, where somebody knows. */
  bytes?: number | undefined;
  /** Refused where there is such an object already, by a store that can say so in one step. */
  once?: boolean | undefined;
}

/** What keeps an object from being deleted. */
export interface ObjectLock {
  /** Such as "a legal hold". */
  by: string;
  /** Null where nobody knows for how long. */
  until: Date | null;
}

/** Where archives are kept: objects in folders, under names such as `dnd-tracker/<id>.json`. */
export interface ArchiveStore {
  /** What a person would type to get there. */
  readonly location: string;
  /** The same for one object. */
  addressOf(name: string): string;
  create(name: string, wishes?: ObjectWishes): Promise<PendingObject>;
  /** The whole of a small object at once; it appears whole or not at all, in place of an older one. */
  put(name: string, text: string, wishes?: ObjectWishes): Promise<void>;
  /** The bytes of an object that is there. */
  read(name: string): Promise<Readable>;
  /** Undefined when there is no such object. */
  get(name: string): Promise<string | undefined>;
  /** The whole objects of a folder, or of all folders, by name. */
  list(folder?: string): Promise<StoredObject[]>;
  /** Deleting what is not there succeeds; what a killed `create` of that name left goes as well. */
  delete(name: string): Promise<void>;
  /** Takes away what killed `create`s of that name left and the object itself leaves standing, in a store where the next one does not. */
  clear?(name: string): Promise<void>;
  /** A second name for an object, at the top, where the store has such names: a person finds the object by it. */
  link?(alias: string, name: string): Promise<void>;
  /** Takes such a name away; where there is none it does nothing. */
  unlink?(alias: string): Promise<void>;
  /** What keeps an object from being deleted, in a store that has locks; undefined where nothing does. */
  lockOf?(name: string): Promise<ObjectLock | undefined>;
  /** Sets or lifts a legal hold, in a store that has them; why it could not, where the place lacks it. */
  setHold?(name: string, on: boolean): Promise<string | undefined>;
  /** Locks an object for so long as the store's setting says; why it could not, where the place lacks it. */
  lock?(name: string, from: Date): Promise<string | undefined>;
  /** Why nothing can be written there, as far as can be seen without writing; undefined when all is well. */
  whyNotWritable(): Promise<string | undefined>;
}
