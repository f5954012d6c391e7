import { z } from "zod";

const cursor = z.object({
  key: z.string(),
  /** The `_id` of the last document that was dealt with; of whatever type the collection has. */
  last: z.unknown(),
  /** How many documents it looked at, and how many of them it changed. */
  seen: z.number().default(0),
  documents: z.number(),
});

/** How far a backfill has come. */
export type BackfillCursor = z.infer<typeof cursor>;

/** What the journal says of one migration. Its `_id` is the version. */
export const recordSchema = z.object({
  _id: z.string(),
  documentVersion: z.literal(1),
  version: z.string(),
  file: z.string(),
  description: z.string(),
  checksum: z.string(),
  phase: z.enum(["expand", "contract"]),
  transaction: z.boolean(),
  state: z.enum(["running", "applied", "failed", "reverted"]),
  direction: z.enum(["up", "down"]),
  startedAt: z.date(),
  finishedAt: z.date().nullable(),
  /** When it was last run in whichever direction: the newest of these is what happened last. */
  executedAt: z.date(),
  durationMs: z.number().nullable(),
  by: z.string(),
  host: z.string(),
  release: z.number().nullable(),
  /** The token of the lock under which it was run: nobody with another one may end this record. */
  token: z.number(),
  error: z.string().nullable(),
  /** Whether a part of its work may be there: never of one that runs in a transaction. */
  partial: z.boolean(),
  cursors: z.array(cursor),
  // What follows came later: records without it are as good.
  /** The commit of the checkout that ran it, where there was one. */
  commit: z.string().nullable().default(null),
  /** The last lines that it logged. */
  log: z.array(z.string()).default([]),
  /** The collections that it wrote to. */
  touched: z.array(z.string()).default([]),
  /** Older versions of its phase that were pending when it was run alone. */
  holes: z.array(z.string()).default([]),
  /** Whether what its documents were before is kept; "beyond" when that were too many. */
  preImages: z.enum(["none", "kept", "beyond"]).default("none"),
  /** Whose changelog it was taken over from. */
  adopted: z.string().nullable().default(null),
});

export type JournalRecord = z.infer<typeof recordSchema>;

/**
 * Whether the change is in the database. What was stopped on its way down in a transaction was rolled back and still is;
 * outside of one it is half-gone and must be run again in either direction.
 */
export function isApplied(record: JournalRecord): boolean {
  return (
    record.state === "applied" || (isUnfinished(record) && record.direction === "down" && record.transaction)
  );
}

/** Whether a run stopped on the way and may have left a part of its work. */
export function isHalfDone(record: JournalRecord): boolean {
  return isUnfinished(record) && record.partial;
}

function isUnfinished(record: JournalRecord): boolean {
  return record.state === "running" || record.state === "failed";
}

/** The newest version in effect, or null for an empty schema. */
export function schemaVersionOf(records: JournalRecord[]): string | null {
  return (
    records
      .filter(isApplied)
      .map(({ version }) => version)
      .sort()
      .at(-1) ?? null
  );
}

/** What the server itself holds the journal's documents to. */
export const recordValidator = {
  $jsonSchema: {
    bsonType: "object",
    required: [
      "_id",
      "documentVersion",
      "version",
      "checksum",
      "state",
      "direction",
      "startedAt",
      "executedAt",
      "token",
    ],
    properties: {
      _id: { bsonType: "string", pattern: "^[0-9]{14}$" },
      version: { bsonType: "string", pattern: "^[0-9]{14}$" },
      checksum: { bsonType: "string", pattern: "^[0-9a-f]{64}$" },
      phase: { enum: ["expand", "contract"] },
      state: { enum: ["running", "applied", "failed", "reverted"] },
      direction: { enum: ["up", "down"] },
      startedAt: { bsonType: "date" },
      executedAt: { bsonType: "date" },
      token: { bsonType: "number" },
      cursors: { bsonType: "array" },
    },
  },
};
