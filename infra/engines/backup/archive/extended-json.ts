import { BSON } from "mongodb";
import { elementsOf, type BsonElement } from "./bson-bytes";

/**
 * Canonical Extended JSON straight from bytes and back to maps. Objects of JavaScript would not do: they move keys such
 * as "1" to the front, and the order of an index's keys is its meaning.
 */
export function toExtendedJson(document: Buffer): string {
  return `{${fields(document, ({ name }, value) => `${JSON.stringify(name)}:${value}`)}}`;
}

function fields(document: Buffer, format: (element: BsonElement, value: string) => string): string {
  return [...elementsOf(document)].map((element) => format(element, valueJson(document, element))).join(",");
}

function valueJson(document: Buffer, element: BsonElement): string {
  const { type, start, end } = element;
  if (type === 0x03) return toExtendedJson(document.subarray(start, end));
  if (type === 0x04) return `[${fields(document.subarray(start, end), (_element, value) => value)}]`;
  if (type === 0x06) return '{"$undefined":true}';
  return BSON.EJSON.stringify(scalar(document, element), { relaxed: false });
}

/** One value as the driver reads it, taken out of a document made for it alone. */
function scalar(document: Buffer, { type, start, end }: BsonElement): unknown {
  const alone = Buffer.alloc(4 + 2 + (end - start) + 1);
  alone.writeInt32LE(alone.length, 0);
  alone[4] = type;
  document.copy(alone, 6, start, end);
  return BSON.deserialize(alone, { promoteValues: false, bsonRegExp: true })[""];
}

const textOrKey = /"(?:[^"\\]|\\.)*"(\s*:)?/g;
const mark = "_";

const wrappers = new Set([
  "$oid",
  "$symbol",
  "$numberInt",
  "$numberLong",
  "$numberDouble",
  "$numberDecimal",
  "$binary",
  "$code",
  "$timestamp",
  "$regularExpression",
  "$dbPointer",
  "$date",
  "$minKey",
  "$maxKey",
  "$undefined",
]);

/** A document as a map in the order in which it stands, its values as the driver's own types. */
export function fromExtendedJson(text: string): unknown {
  // With a mark before it no key looks like a number any more.
  const marked = text.replace(textOrKey, (token, colon?: string) =>
    colon === undefined ? token : `"${mark}${token.slice(1)}`,
  );
  return revive(JSON.parse(marked));
}

function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== "object" || value === null) return value;
  const entries = entriesOf(value);
  if (entries.some(([key]) => wrappers.has(key)))
    return BSON.EJSON.deserialize(unmarked(value) as BSON.Document, { relaxed: false });
  return new Map(entries.map(([key, one]) => [key, revive(one)]));
}

function unmarked(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(entriesOf(value).map(([key, one]) => [key, unmarked(one)]));
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value).map(([key, one]) => [key.slice(mark.length), one as unknown]);
}
