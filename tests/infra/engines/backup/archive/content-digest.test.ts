import { BSON } from "mongodb";
import { ContentDigest } from "../../../../../infra/engines/backup/archive";

const documents = Array.from({ length: 300 }, (_, n) => BSON.serialize({ _id: n, name: "x".repeat(n % 40) }));

function digestOf(...batches: Uint8Array[][]): string {
  const digest = new ContentDigest();
  for (const batch of batches) digest.add(Buffer.concat(batch));
  return digest.value();
}

test("the digest of documents is the same in whatever order and batches they come", () => {
  const whole = digestOf(documents);
  expect(whole).toMatch(/^[0-9a-f]{32}$/);
  expect(digestOf([...documents].reverse())).toBe(whole);
  expect(digestOf(documents.slice(200), documents.slice(0, 3), documents.slice(3, 200))).toBe(whole);
});

test("the digest of nothing is nothing", () => {
  expect(digestOf()).toBe("0".repeat(32));
});

test("one bit changed anywhere, a document twice, or one less: another digest each time", () => {
  const document = Buffer.from(BSON.serialize({ _id: 1, name: "Ada", level: 7 }));
  const seen = new Set([digestOf([document]), digestOf([document, document]), digestOf()]);
  for (let bit = 4 * 8; bit < document.length * 8; bit++) {
    const changed = Buffer.from(document);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    seen.add(digestOf([changed]));
  }
  expect(seen.size).toBe(3 + (document.length - 4) * 8);
});

test("documents that swapped their contents give another digest", () => {
  const pair = (first: string, second: string) => [
    BSON.serialize({ _id: 1, name: first }),
    BSON.serialize({ _id: 2, name: second }),
  ];
  expect(digestOf(pair("Ada", "Bo "))).not.toBe(digestOf(pair("Bo ", "Ada")));
});

test("what is no row of whole documents is refused", () => {
  expect(() => digestOf([Buffer.from([9, 0, 0, 0, 0])])).toThrow(RangeError);
});
