import type { JournalRecord } from "./record";

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === "string";
const number: Check = (value) => typeof value === "number";
const truth: Check = (value) => typeof value === "boolean";
const date: Check = (value) => value instanceof Date;
const list = Array.isArray as Check;
const texts: Check = (value) => list(value) && (value as unknown[]).every(text);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string);

// A status reads the journal and little else: a schema library would take longer to load than all the rest of it.
const shape: Record<keyof JournalRecord, Check> = {
  _id: text,
  documentVersion: (value) => value === 1,
  version: text,
  file: text,
  description: text,
  checksum: text,
  phase: oneOf("expand", "contract"),
  transaction: truth,
  state: oneOf("running", "applied", "failed", "reverted"),
  direction: oneOf("up", "down"),
  startedAt: date,
  finishedAt: orNull(date),
  executedAt: date,
  durationMs: orNull(number),
  by: text,
  host: text,
  release: orNull(number),
  token: number,
  error: orNull(text),
  partial: truth,
  cursors: list,
  commit: orNull(text),
  log: texts,
  touched: texts,
  holes: texts,
  preImages: oneOf("none", "kept", "beyond"),
  adopted: orNull(text),
};

/** What the first records did not have yet. */
const later = { commit: null, log: [], touched: [], holes: [], preImages: "none", adopted: null } as const;

/** A document of the journal as a record; undefined when it is none. */
export function asRecord(document: object): JournalRecord | undefined {
  const record = { ...later, ...document } as Record<string, unknown>;
  const fits = Object.entries(shape).every(([field, check]) => check(record[field]));
  return fits ? (record as unknown as JournalRecord) : undefined;
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
