import { BSON } from "mongodb";
import { elementsOf } from "../archive";

/** A value as it stands in a document. */
export interface EncodedValue {
  type: number;
  bytes: Buffer;
}

const [object, array] = [0x03, 0x04];

/** The document with other values at a path; everything beside it is copied byte for byte. */
export function rewritten(
  document: Buffer,
  path: readonly string[],
  replace: (old: EncodedValue) => EncodedValue,
): Buffer {
  const [name, ...rest] = path;
  const parts: Buffer[] = [];
  let changed = false;
  for (const element of elementsOf(document)) {
    const old = { type: element.type, bytes: document.subarray(element.start, element.end) };
    const next = element.name === name ? replaced(old, rest, replace) : old;
    changed ||= next !== old;
    parts.push(Buffer.concat([Buffer.from([next.type]), Buffer.from(`${element.name}\0`), next.bytes]));
  }
  return changed ? documentOf(parts) : document;
}

function replaced(
  old: EncodedValue,
  rest: readonly string[],
  replace: (old: EncodedValue) => EncodedValue,
): EncodedValue {
  if (rest.length === 0) return replace(old);
  if (old.type === object) return { type: object, bytes: rewritten(old.bytes, rest, replace) };
  return old.type === array ? { type: array, bytes: everyEntry(old.bytes, rest, replace) } : old;
}

function everyEntry(
  list: Buffer,
  path: readonly string[],
  replace: (old: EncodedValue) => EncodedValue,
): Buffer {
  const parts = [...elementsOf(list)].map(({ type, name, start, end }) => {
    const old = { type, bytes: list.subarray(start, end) };
    const next = type === object ? replaced(old, path, replace) : old;
    return Buffer.concat([Buffer.from([next.type]), Buffer.from(`${name}\0`), next.bytes]);
  });
  return documentOf(parts);
}

function documentOf(elements: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(4), ...elements, Buffer.alloc(1)]);
  bytes.writeInt32LE(bytes.length);
  return bytes;
}

/** A value of the driver's as bytes. */
export function encodeValue(value: unknown): EncodedValue {
  const document = Buffer.from(BSON.serialize({ v: value }));
  return { type: document[4] as number, bytes: document.subarray(7, -1) };
}
