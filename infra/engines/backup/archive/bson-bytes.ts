/** Looks at BSON as bytes: nothing is parsed, so nothing that a document holds can be lost or changed. */

/** What is wrong with bytes that should be BSON. */
export class BsonDamage extends Error {}

/** MongoDB itself allows 180 levels. */
const deepest = 250;

export interface BsonElement {
  type: number;
  name: string;
  /** Of the value, in the document's bytes. */
  start: number;
  end: number;
}

/** The fields of one document, one level deep; what is inside of them is not looked at. */
export function* elementsOf(document: Buffer): Generator<BsonElement> {
  const limit = documentEnd(document, 0, document.length) - 1;
  for (let at = 4; at < limit;) {
    const type = document[at] as number;
    const start = skipName(document, at + 1, limit);
    const nested = type === 0x03 || type === 0x04;
    const end = nested ? documentEnd(document, start, limit) : skipValue(document, type, start, limit, 0);
    yield { type, name: document.toString("utf8", at + 1, start - 1), start, end };
    at = end;
  }
}

/** Where the document that begins here ends, by its own length; refuses one that does not fit or has no end mark. */
export function documentEnd(bytes: Buffer, at: number, limit: number): number {
  if (at + 5 > limit) throw new BsonDamage("a document is cut off");
  const end = at + bytes.readInt32LE(at);
  if (end < at + 5 || end > limit) throw new BsonDamage(`a document says that it has ${end - at} bytes`);
  if (bytes[end - 1] !== 0) throw new BsonDamage("a document does not end as it must");
  return end;
}

/** Walks through a whole document, every level of it; refuses what no server would have written. */
export function checkDocument(bytes: Buffer, at: number, limit: number, depth = 0): number {
  if (depth > deepest) throw new BsonDamage("a document is nested too deeply");
  const end = documentEnd(bytes, at, limit);
  let position = at + 4;
  while (position < end - 1) {
    const type = bytes[position] as number;
    position = skipValue(bytes, type, skipName(bytes, position + 1, end - 1), end - 1, depth);
  }
  if (position !== end - 1) throw new BsonDamage("a document's fields go past its end");
  return end;
}

function skipName(bytes: Buffer, at: number, limit: number): number {
  let position = at;
  while (position < limit) if (bytes[position++] === 0) return position;
  throw new BsonDamage("a field's name does not end");
}

function skipValue(bytes: Buffer, type: number, at: number, limit: number, depth: number): number {
  const end = valueEnd(bytes, type, at, limit, depth);
  if (end > limit) throw new BsonDamage("a field goes past the end of its document");
  return end;
}

function valueEnd(bytes: Buffer, type: number, at: number, limit: number, depth: number): number {
  switch (type) {
    case 0x01: // double
    case 0x09: // date
    case 0x11: // timestamp
    case 0x12: // long
      return at + 8;
    case 0x10: // int
      return at + 4;
    case 0x02: // string
    case 0x0d: // code
    case 0x0e: // symbol
      return stringEnd(bytes, at, limit);
    case 0x03: // document
    case 0x04: // array
      return checkDocument(bytes, at, limit, depth + 1);
    case 0x05: // binary
      return at + 5 + sizeAt(bytes, at, limit);
    case 0x06: // undefined
    case 0x0a: // null
    case 0x7f: // greatest
    case 0xff: // least
      return at;
    case 0x07: // object id
      return at + 12;
    case 0x08: // boolean
      if (at < limit && (bytes[at] as number) > 1)
        throw new BsonDamage("a boolean is neither true nor false");
      return at + 1;
    case 0x0b: // regular expression
      return skipName(bytes, skipName(bytes, at, limit), limit);
    case 0x0c: // pointer to a document
      return stringEnd(bytes, at, limit) + 12;
    case 0x0f: // code with scope
      return scopedCodeEnd(bytes, at, limit, depth);
    case 0x13: // decimal
      return at + 16;
    default:
      throw new BsonDamage(`a field has the unknown type ${type}`);
  }
}

function stringEnd(bytes: Buffer, at: number, limit: number): number {
  const size = sizeAt(bytes, at, limit);
  const end = at + 4 + size;
  if (size < 1 || end > limit || bytes[end - 1] !== 0) throw new BsonDamage("a text does not end as it must");
  return end;
}

function scopedCodeEnd(bytes: Buffer, at: number, limit: number, depth: number): number {
  const end = at + sizeAt(bytes, at, limit);
  if (end > limit) throw new BsonDamage("a piece of code goes past the end of its document");
  const scope = stringEnd(bytes, at + 4, end);
  if (checkDocument(bytes, scope, end, depth + 1) !== end)
    throw new BsonDamage("a piece of code does not end as it must");
  return end;
}

function sizeAt(bytes: Buffer, at: number, limit: number): number {
  if (at + 4 > limit) throw new BsonDamage("a field is cut off");
  const size = bytes.readInt32LE(at);
  if (size < 0) throw new BsonDamage("a field has a negative length");
  return size;
}
