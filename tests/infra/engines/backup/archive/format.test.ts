import { BSON, Double, Int32, Long, type Document } from "mongodb";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import {
  ArchiveReader,
  ArchiveWriter,
  fromExtendedJson,
  toExtendedJson,
  type ArchivePiece,
  type CollectionHeader,
} from "../../../../../infra/engines/backup/archive";
import { checkDocument } from "../../../../../infra/engines/backup/archive/bson-bytes";
import { Crc64 } from "../../../../../infra/engines/backup/archive/crc64";
import { documentOf } from "../everything";

const crcOf = (...parts: Uint8Array[]) => {
  const crc = new Crc64();
  for (const part of parts) crc.update(part);
  return BigInt.asUintN(64, crc.value).toString(16);
};

describe("the checksum of a collection", () => {
  test("is the published one", () => {
    expect(crcOf(Buffer.from("123456789"))).toBe("995dc9bbdf1939fa");
    expect(crcOf()).toBe("0");
  });

  test("is the same however the bytes are cut", () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, n) => (n * 31) % 256));
    const whole = crcOf(bytes);
    for (const cut of [1, 3, 7, 8, 9, 500, 999])
      expect(crcOf(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(whole);
  });
});

describe("Extended JSON of a collection's metadata", () => {
  test("keeps types and the order of names that look like numbers, both ways", () => {
    const index = new Map<string, unknown>([
      ["b", new Double(1)],
      ["1", new Int32(-1)],
      ["_a", Long.fromNumber(1)],
    ]);
    const made = new Map<string, unknown>([
      ["key", index],
      ["filter", { $gte: new Date(5), tricky: '"1": {' }],
      ["list", [null, true, "ü", { 2: 2, 1: 1 }]],
      ["pattern", new BSON.BSONRegExp("a", "i")],
    ]);
    const bytes = Buffer.from(BSON.serialize(made as unknown as Document));
    const json = toExtendedJson(bytes);
    expect(json).toContain(
      '"key":{"b":{"$numberDouble":"1.0"},"1":{"$numberInt":"-1"},"_a":{"$numberLong":"1"}}',
    );
    expect(JSON.parse(json)).toEqual(
      JSON.parse(
        BSON.EJSON.stringify(BSON.deserialize(bytes, { promoteValues: false, bsonRegExp: true }), {
          relaxed: false,
        }),
      ),
    );
    expect(Buffer.from(BSON.serialize(fromExtendedJson(json) as Document)).equals(bytes)).toBe(true);
  });
});

describe("the look at a document's bytes", () => {
  const good = Buffer.from(BSON.serialize({ a: "text", b: { c: [1, true] }, d: new Date() }));

  test("passes what a server would have written", () => {
    expect(checkDocument(good, 0, good.length)).toBe(good.length);
  });

  test.each<[string, Buffer]>([
    ["a length that is too great", Buffer.concat([Buffer.from([99, 0, 0, 0]), good.subarray(4)])],
    ["no end", Buffer.concat([good.subarray(0, -1), Buffer.from([1])])],
    ["an unknown type", documentOf([0x20, "a", Buffer.alloc(0)])],
    ["a boolean of three", documentOf([8, "a", Buffer.from([3])])],
    ["a text without end", documentOf([2, "a", Buffer.from([2, 0, 0, 0, 65, 66])])],
    ["a text past the end", documentOf([2, "a", Buffer.from([99, 0, 0, 0, 0])])],
    ["a number that is cut off", documentOf([1, "a", Buffer.alloc(3)])],
    ["a binary of negative length", documentOf([5, "a", Buffer.from([255, 255, 255, 255, 0])])],
  ])("refuses %s", (_what, bytes) => {
    expect(() => checkDocument(bytes, 0, bytes.length)).toThrow();
  });
});

describe("an archive", () => {
  const header: CollectionHeader = { db: "d", collection: "c", metadata: "{}", size: 0, type: "collection" };
  const documents = Buffer.concat([BSON.serialize({ _id: 1 }), BSON.serialize({ _id: 2, text: "two" })]);

  async function write(): Promise<Buffer> {
    const out: Uint8Array[] = [];
    const archive = new ArchiveWriter({
      write: async (bytes) => void out.push(bytes),
      end: async () => undefined,
    });
    await archive.begin({ serverVersion: "6.0.5", toolVersion: "x" }, [header]);
    async function* batches() {
      yield { documents: 2, bytes: documents };
    }
    await archive.collection({ db: "d", collection: "c" }, batches(), () => undefined);
    await archive.end();
    return Buffer.concat(out);
  }

  async function read(packed: Buffer): Promise<ArchivePiece[]> {
    const pieces: ArchivePiece[] = [];
    for await (const piece of new ArchiveReader(Readable.from([packed])).pieces()) pieces.push(piece);
    return pieces;
  }

  // Byte by byte as the format's description has them, made without any code of ours.
  test("has the bytes that mongodump would write", async () => {
    const mark = Buffer.alloc(4, 0xff);
    const sum = Long.fromString(BigInt.asIntN(64, BigInt(`0x${crcOf(documents)}`)).toString());
    const expected = Buffer.concat([
      Buffer.from("6de29981", "hex"),
      BSON.serialize({
        concurrent_collections: new Int32(1),
        version: "0.1",
        server_version: "6.0.5",
        tool_version: "x",
      }),
      BSON.serialize({ db: "d", collection: "c", metadata: "{}", size: new Int32(0), type: "collection" }),
      mark,
      BSON.serialize({ db: "d", collection: "c", EOF: false, CRC: Long.ZERO }),
      documents,
      mark,
      BSON.serialize({ db: "d", collection: "c", EOF: true, CRC: sum }),
      mark,
    ]);
    expect((await write()).toString("hex")).toBe(expected.toString("hex"));
  });

  test("is read as it was written, also when it comes in the smallest pieces", async () => {
    const packed = await write();
    const whole = await read(packed);
    expect(whole.map(({ kind }) => kind)).toEqual(["collections", "documents", "end"]);
    const crumbs = Readable.from([...packed].map((byte) => Buffer.from([byte])));
    const found: Buffer[] = [];
    for await (const piece of new ArchiveReader(crumbs).pieces())
      if (piece.kind === "documents") found.push(piece.bytes);
    expect(Buffer.concat(found).equals(documents)).toBe(true);
  });

  test("that is cut off anywhere is damaged", async () => {
    const plain = await write();
    for (let length = 0; length < plain.length; length++)
      await expect(read(gzipSync(plain.subarray(0, length)))).rejects.toThrow();
  });

  test("with another one behind it is damaged", async () => {
    const packed = await write();
    await expect(read(Buffer.concat([packed, packed]))).rejects.toThrow();
  });
});
