import { createHash } from "node:crypto";
import type { Db } from "mongodb";
import { isBrokenConnection } from "../../../drivers/mongo";
import { awayPlace, type AwayPlace } from "./away-place";
import { ensureIndexes } from "./collections";
import type { AlertStore } from "./contract";
import { databaseStore } from "./database-store";
import { fileStore, type Remembered } from "./file-store";
import { writeWhole } from "./journal-file";
import { mergeAway } from "./merge";

/** Does something with the alerts of a database; while that is away, with the file next to the monitor. */
export async function withStore<T>(ops: Db, work: (store: AlertStore) => Promise<T>): Promise<T> {
  const place = awayPlace(ops);
  try {
    return await work(await openDatabase(ops, place));
  } catch (error) {
    if (!isAway(error)) throw error;
    return work(await fileStore(place));
  }
}

/** The store in the database, with everything in it that happened while it was away. */
export async function openDatabase(ops: Db, place: AwayPlace = awayPlace(ops)): Promise<AlertStore> {
  const collections = await ensureIndexes(ops);
  const store = databaseStore(collections);
  await mergeAway(place, collections, store);
  return store;
}

/** Keeps what is going on where it can be read without the database. */
export async function remember(ops: Db, seen: Remembered): Promise<void> {
  const { remembered } = awayPlace(ops);
  const digest = createHash("sha256").update(JSON.stringify(seen)).digest("hex");
  if (lastRemembered.get(remembered) === digest) return;
  await writeWhole(remembered, seen);
  lastRemembered.set(remembered, digest);
}
const lastRemembered = new Map<string, string>();

/** Whatever the database or the way to it refuses: gone, full, or not ours to write. */
export function isAway(error: unknown): boolean {
  return isBrokenConnection(error) || (error instanceof Error && error.name.startsWith("Mongo"));
}
