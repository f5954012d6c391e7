import { BSON, Timestamp, type Db, type Document } from "mongodb";
import { elementsOf } from "./archive";
import { documentsOf, type RawBatch } from "./raw-batches";

/** What the driver sends as it is: its own, unexported way of inserting, of which the pinned version is tested. */
interface DocumentSequence {
  push(document: object, bytes: Uint8Array): number;
}
const { DocumentSequence } = require("mongodb/lib/cmap/commands") as {
  DocumentSequence: new (field: string) => DocumentSequence;
};

/** Puts documents into a collection byte for byte, past its validators: what the server had, it gets back. */
export async function insertRaw(db: Db, collection: string, batches: readonly RawBatch[]): Promise<void> {
  const documents = new DocumentSequence("documents");
  for (const { bytes } of batches) documents.push({}, bytes);
  const answer = await db.command({
    insert: collection,
    documents,
    ordered: true,
    ...pastValidators(collection),
  });
  refuseErrors(answer);
  const sent = batches.reduce((sum, batch) => sum + batch.documents, 0);
  if (answer.n !== sent)
    throw new Error(`${collection}: ${String(answer.n)} of ${sent} documents were taken`);
  for (const batch of batches) await putEmptyTimestampsBack(db, collection, batch);
}

/** A type and a name end with a zero, and an empty timestamp is eight more. */
const trace = Buffer.alloc(9);

/** The server writes the time into empty timestamps of the first level when it inserts, but not when it updates. */
async function putEmptyTimestampsBack(db: Db, collection: string, batch: RawBatch): Promise<void> {
  if (!batch.bytes.includes(trace)) return;
  const updates: Document[] = [];
  for (const document of documentsOf(batch)) {
    const names = emptyTimestamps(document);
    if (names.length === 0) continue;
    const _id = BSON.deserialize(document, { promoteValues: false })._id as unknown;
    updates.push({ q: { _id: { $eq: _id } }, u: [{ $replaceWith: withEmptyTimestamps(names) }] });
  }
  if (updates.length === 0) return;
  refuseErrors(await db.command({ update: collection, updates, ...pastValidators(collection) }));
}

function emptyTimestamps(document: Buffer): string[] {
  return [...elementsOf(document)]
    .filter(({ type, name, start, end }) => {
      return type === 0x11 && name !== "_id" && document.subarray(start, end).every((byte) => byte === 0);
    })
    .map(({ name }) => name);
}

/** By expression and not by path: a name may have dots and dollars. */
function withEmptyTimestamps(names: readonly string[]): Document {
  const value = { $literal: new Timestamp({ t: 0, i: 0 }) };
  return names.reduce<Document | string>(
    (input, name) => ({ $setField: { field: { $literal: name }, input, value } }),
    "$$ROOT",
  ) as Document;
}

/** Nobody gives the server's own collections a validator, and the right to pass by one is seldom given there. */
function pastValidators(collection: string): Document {
  return collection.startsWith("system.") ? {} : { bypassDocumentValidation: true };
}

function refuseErrors(answer: Document): void {
  const [failed] = (answer.writeErrors ?? []) as { errmsg: string }[];
  if (failed) throw new Error(failed.errmsg);
}
