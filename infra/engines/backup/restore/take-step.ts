import type { Db } from "mongodb";
import { insertRaw } from "../raw-insert";
import { rawBatches } from "../raw-batches";
import { createCollection, createIndexes, typeOf } from "./definitions";
import type { Step } from "./steps";

/** Does one step; where it was done already, or half, the outcome is the same. */
export async function takeStep(db: Db, step: Step): Promise<void> {
  switch (step.do) {
    case "rename":
      return rename(db, step.from, step.to);
    case "move":
      return (await exists(db, step.from)) ? rename(db, step.from, step.to) : undefined;
    case "drop":
      return drop(db, step.name);
    case "copy":
      await drop(db, step.to);
      await db.createCollection(step.to);
      return copy(db, step.from, step.to);
    case "rebuild":
      return rebuild(db, step);
    case "view":
      await drop(db, step.name);
      return createCollection(db, step.name, step.metadata);
  }
}

async function rename(db: Db, from: string, to: string): Promise<void> {
  if (!(await exists(db, from)) && (await exists(db, to))) return;
  await db.renameCollection(from, to);
}

async function exists(db: Db, name: string): Promise<boolean> {
  return (await db.listCollections({ name }, { nameOnly: true }).toArray()).length > 0;
}

/** The server lets nobody drop `system.js`, but everybody who may write there empty it. */
export async function drop(db: Db, name: string): Promise<void> {
  if (name.startsWith("system.")) await db.collection(name).deleteMany({});
  else await db.dropCollection(name);
}

async function rebuild(
  db: Db,
  { name, metadata, from }: { name: string; metadata: string; from: string },
): Promise<void> {
  await drop(db, name);
  await createCollection(db, name, metadata);
  await copy(db, from, typeOf(metadata) === "timeseries" ? `system.buckets.${name}` : name);
  await createIndexes(db, name, metadata);
}

/** Byte for byte, and past what validates or counts documents. */
async function copy(db: Db, from: string, to: string): Promise<void> {
  await db.client.withSession(async (session) => {
    for await (const batch of rawBatches({ db, session }, { find: from, sort: { $natural: 1 } }))
      await insertRaw(db, to, [batch]);
  });
}
