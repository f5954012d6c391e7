import {
  Binary,
  BSON,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Int32,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
  UUID,
  type Db,
  type Document,
} from "mongodb";

/** A database with everything that a database can hold and a backup must bring back. */
export async function seedEverything(db: Db, heroes: number): Promise<void> {
  await db.dropDatabase();
  await seedCharacters(db, heroes);
  await seedKinds(db);
  await seedOddDocuments(db);
}

async function seedCharacters(db: Db, heroes: number): Promise<void> {
  await db.createCollection("characters", {
    validator: { $jsonSchema: { required: ["name"], properties: { level: { minimum: 1 } } } },
    validationLevel: "moderate",
  });
  const characters = db.collection("characters");
  for (let from = 0; from < heroes; from += 10_000)
    await characters.insertMany(
      Array.from({ length: Math.min(10_000, heroes - from) }, (_, n) => hero(from + n)),
    );
  await characters.createIndexes([
    { key: { name: 1 }, unique: true },
    { key: { level: -1, name: 1 }, partialFilterExpression: { level: { $gt: 10 } } },
    { key: { note: "text", name: "text" }, weights: { name: 5 }, default_language: "german" },
    { key: { seen: 1 }, expireAfterSeconds: 86_400_000 },
    { key: { nick: 1 }, sparse: true, unique: true },
    { key: { place: "2dsphere" } },
    { key: { party: "hashed" } },
    { key: { "attributes.$**": 1 } },
    { key: { level: 1 }, hidden: true },
    { key: { title: 1 }, collation: { locale: "fr", strength: 2 } },
  ]);
  // By command and as a map: an object would put "1" before "b".
  const key = new Map<string, unknown>([
    ["b", new Double(1)],
    ["1", Long.fromNumber(-1)],
  ]);
  await db.command({ createIndexes: "characters", indexes: [{ key, name: "order matters" }] });
}

function hero(n: number): Document {
  const [level, note] = [(n % 20) + 1, "x".repeat(n % 300)];
  return { name: `hero ${n}`, level, note, party: n % 7, attributes: { strength: n % 18 } };
}

async function seedKinds(db: Db): Promise<void> {
  await db.createCollection("empty", { collation: { locale: "de" } });
  await db.createCollection("collated", { collation: { locale: "de", strength: 1 } });
  await db.collection("collated").createIndex({ plain: 1 }, { collation: { locale: "simple" } });
  await db.collection("collated").createIndex({ own: 1 });
  await db.collection<{ _id: string }>("collated").insertMany([{ _id: "Ähre" }, { _id: "Zwerg" }]);
  await db.createCollection("log", { capped: true, size: 100_000, max: 1000 });
  await db.collection("log").insertMany([{ line: 1 }, { line: 2 }]);
  await db.createCollection("rolls", {
    timeseries: { timeField: "at", metaField: "die", granularity: "minutes" },
    expireAfterSeconds: 1_000_000_000,
  });
  const rolls = Array.from({ length: 500 }, (_, n) => ({
    at: new Date(1_790_000_000_000 + n * 60_000),
    die: `d${n % 3}`,
    value: n % 20,
  }));
  await db.collection("rolls").insertMany(rolls);
  await db.collection("rolls").createIndex({ die: 1, at: -1 });
  await db.createCollection("clustered", {
    clusteredIndex: { key: { _id: 1 }, unique: true, name: "by id" },
  });
  await db.collection<{ _id: number }>("clustered").insertMany([{ _id: 2 }, { _id: 1 }]);
  await db.createCollection("strong", { viewOn: "characters", pipeline: [{ $match: { level: 20 } }] });
  await db.createCollection("strongest", { viewOn: "strong", pipeline: [{ $limit: 1 }] });
  await db.collection<{ _id: string }>("system.js").insertOne({ _id: "roll", value: new Code("4") } as never);
  await db.createCollection("fs.files");
  await db.collection("fs.chunks").insertOne({ n: 0, data: new Binary(Buffer.alloc(300_000, 7)) });
  await db.collection("Zwölf Bögen/ & mehr.").insertOne({ name: "of a collection" });
}

async function seedOddDocuments(db: Db): Promise<void> {
  await insertBytes(db, "odd", [
    BSON.serialize(everyType()),
    BSON.serialize({ _id: "dots", "a.b": { $c: 1 }, "": "empty", "2": 2, "1": 1, $top: 1 }),
    deprecatedTypes(),
    twiceTheSameName(),
    nested(99),
    BSON.serialize({ _id: "large", data: new Binary(Buffer.alloc(16_777_216 - 60, 3)) }),
  ]);
  // The server fills empty timestamps when it inserts: only an update makes them.
  const none = new Timestamp({ t: 0, i: 0 });
  await insertBytes(db, "odd", [BSON.serialize({ _id: "timestamps", at: none, "a.b": none, end: 1 })]);
  const setField = (field: string, input: unknown) => ({ $setField: { field, input, value: none } });
  const empty = [{ $replaceWith: setField("a.b", setField("at", "$$ROOT")) }];
  await db.collection<{ _id: string }>("odd").updateOne({ _id: "timestamps" }, empty);
}

function everyType(): Document {
  return {
    _id: "every type",
    int: new Int32(5),
    whole: new Double(5),
    negativeZero: new Double(-0),
    nan: new Double(NaN),
    infinite: new Double(Infinity),
    long: Long.fromString("9223372036854775807"),
    smallLong: Long.fromNumber(1),
    decimal: Decimal128.fromString("1.50"),
    text: "Zwölf \u0000 🐉",
    list: [1, [2, { a: null }]],
    binary: new Binary(Buffer.from([1, 2]), 0x80),
    oldUuid: new Binary(Buffer.alloc(16, 1), 3),
    uuid: new UUID(),
    id: new ObjectId(),
    yes: true,
    no: false,
    date: new Date(-5),
    nothing: null,
    pattern: new BSONRegExp("a+", "imsx"),
    code: new Code("function () {}"),
    scoped: new Code("x", { x: 1 }),
    symbol: new BSONSymbol("symbol"),
    time: new Timestamp({ t: 1, i: 2 }),
    least: new MinKey(),
    most: new MaxKey(),
    __proto__text: "no trap",
  };
}

const cstring = (text: string) => Buffer.from(`${text}\0`);
const text = (value: string) => Buffer.concat([int32(Buffer.byteLength(value) + 1), cstring(value)]);

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

/** A document of elements that no driver would write. */
export function documentOf(...elements: [type: number, name: string, value: Buffer][]): Buffer {
  const body = elements.map(([type, name, value]) =>
    Buffer.concat([Buffer.from([type]), cstring(name), value]),
  );
  const bytes = Buffer.concat([Buffer.alloc(4), ...body, Buffer.from([0])]);
  bytes.writeInt32LE(bytes.length);
  return bytes;
}

function deprecatedTypes(): Buffer {
  const pointer = Buffer.concat([text("other.collection"), Buffer.alloc(12, 9)]);
  return documentOf(
    [2, "_id", text("deprecated")],
    [6, "undefined", Buffer.alloc(0)],
    [0x0c, "pointer", pointer],
    [3, "inside", documentOf([6, "undefined", Buffer.alloc(0)], [0x0e, "symbol", text("s")])],
  );
}

function twiceTheSameName(): Buffer {
  return documentOf([2, "_id", text("twice")], [0x10, "a", int32(1)], [0x10, "a", int32(2)]);
}

function nested(levels: number): Buffer {
  let inner = documentOf([0x10, "end", int32(1)]);
  for (let level = 0; level < levels; level++) inner = documentOf([3, "in", inner]);
  return documentOf([2, "_id", text("nested")], [3, "in", inner]);
}

interface Sequence {
  push(document: object, bytes: Uint8Array): void;
}

/** Inserts documents as they are, byte for byte. */
export async function insertBytes(
  db: Db,
  collection: string,
  documents: readonly Uint8Array[],
): Promise<void> {
  const { DocumentSequence } = require("mongodb/lib/cmap/commands") as {
    DocumentSequence: new (field: string) => Sequence;
  };
  const sequence = new DocumentSequence("documents");
  for (const document of documents) sequence.push({}, document);
  const answer = await db.command({ insert: collection, documents: sequence });
  if (answer.writeErrors) throw new Error(JSON.stringify(answer.writeErrors));
}

/** The server's own hash of each collection; what it keeps of views for itself names the database. */
export async function hashesOf(db: Db): Promise<Record<string, string>> {
  const { collections } = await db.command({ dbHash: 1 });
  const { "system.views": _views, ...hashes } = collections as Record<string, string>;
  return hashes;
}

/** Everything about collections but their documents, without what differs between two databases. */
export async function definitionsOf(db: Db): Promise<string[]> {
  const listed = await db
    .listCollections({}, { nameOnly: false, raw: false, promoteValues: false })
    .toArray();
  const definitions = await Promise.all(
    listed.map(async (one) => {
      const { name, type, options } = one as unknown as { name: string; type: string; options: Document };
      const indexes = type === "view" ? [] : await db.collection(name).listIndexes({ raw: true }).toArray();
      const bytes = indexes.map((index) => Buffer.from(index as unknown as Uint8Array).toString("latin1"));
      return JSON.stringify({ name, type, options: BSON.EJSON.serialize(options), indexes: bytes.sort() });
    }),
  );
  return definitions.sort();
}
