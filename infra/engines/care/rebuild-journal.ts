import { hostname, userInfo } from "node:os";
import { BSON, type Db } from "mongodb";
import type { IndexDefinition } from "./index-seen";

/** A rebuild that was begun: from here another run carries on, whatever is there of the index by then. */
export interface Rebuild {
  /** `collection.index`. */
  _id: string;
  version: 1;
  collection: string;
  /** As text, for a field of a key may begin with a dollar. */
  definition: string;
  /** Null where nothing stands in for it. */
  covering: string | null;
  at: Date;
  by: string;
  host: string;
}

function rebuilds(ops: Db) {
  return ops.collection<Rebuild>("index_rebuilds");
}

/** The rebuilds that were begun and not ended. */
export function openRebuilds(ops: Db): Promise<Rebuild[]> {
  return rebuilds(ops).find({}).sort({ _id: 1 }).toArray();
}

/** Writes a rebuild down before anything is dropped; one that was begun before stays as it was. */
export async function beginRebuild(
  ops: Db,
  wanted: { collection: string; definition: IndexDefinition; covering: string | null },
): Promise<void> {
  const _id = `${wanted.collection}.${wanted.definition.name}`;
  const entry = {
    version: 1 as const,
    collection: wanted.collection,
    definition: BSON.EJSON.stringify(wanted.definition),
    covering: wanted.covering,
    at: new Date(),
    by: userInfo().username,
    host: hostname(),
  };
  await rebuilds(ops).updateOne({ _id }, { $setOnInsert: entry }, { upsert: true });
}

/** The index as it was when its rebuild began. */
export function definitionOf({ definition }: Rebuild): IndexDefinition {
  return BSON.EJSON.parse(definition) as IndexDefinition;
}

/** Forgets a rebuild that has ended. */
export async function endRebuild(ops: Db, id: string): Promise<void> {
  await rebuilds(ops).deleteOne({ _id: id });
}
