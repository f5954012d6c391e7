import { Binary, Decimal128, Long, ObjectId, Timestamp, UUID } from "mongodb";
import { knowError, pack, unpack, type Handles } from "../../../../infra/drivers/outpost/packed";
import { MigrationFailedError } from "../../../../infra/engines/migration";

const none = {} as Handles;
/** As it arrives on the other side. */
const sent = (value: unknown) => unpack(JSON.parse(JSON.stringify(pack(value))), none);

test.each([
  [
    "a cluster time",
    { clusterTime: new Timestamp({ t: 1_770_000_000, i: 7 }), term: Long.fromString("9007199254740993") },
  ],
  [
    "ids and bytes",
    {
      _id: new ObjectId(),
      hash: new Binary(Buffer.from("abc")),
      uuid: new UUID(),
      raw: Buffer.from([0, 255]),
    },
  ],
  ["numbers", { big: 2n ** 70n, none: NaN, exact: Decimal128.fromString("0.1") }],
  ["maps, sets and patterns", { map: new Map([[{ a: 1 }, new Set(["b"])]]), like: /^a\/b$/gi }],
  ["keys that mean something", { $: "undefined", v: 1, inner: { $: { $: 2 } }, constructor: 1 }],
  ["what is not there", [undefined, null, { gone: undefined }]],
  ["the same twice", ((one) => [one, one])({ a: new Date(5) })],
])("%s go over as they are", (_what, value) => {
  expect(sent(value)).toEqual(value);
});

test("a date that is none stays none", () => {
  expect((sent(new Date("never")) as Date).getTime()).toBeNaN();
});

test("a key that would be a prototype stays a key, in values and in errors", () => {
  const odd: unknown = JSON.parse('{"__proto__": {"isAdmin": true}}');
  expect(Object.keys(sent(odd) as object)).toEqual(["__proto__"]);
  expect((sent(odd) as { isAdmin?: true }).isAdmin).toBeUndefined();
  const error = Object.defineProperty(new Error("odd"), "__proto__", {
    value: { isAdmin: true },
    enumerable: true,
  });
  expect(sent(error)).toBeInstanceOf(Error);
  expect((sent(error) as { isAdmin?: true }).isAdmin).toBeUndefined();
});

test("a failed migration keeps what it is, also where another failure followed", () => {
  knowError(MigrationFailedError);
  const cause = new Error("no index", { cause: new Error("of the server") });
  const failed = new MigrationFailedError({
    version: "1",
    direction: "up",
    interrupted: true,
    settled: false,
    state: "half",
    remedy: "Run it.",
    cause,
  });
  const there = sent(failed) as MigrationFailedError;
  expect(there).toBeInstanceOf(MigrationFailedError);
  expect(there).toMatchObject({
    code: "migration-interrupted",
    exitCode: 130,
    details: { settled: false },
    cause: { message: "no index", cause: { message: "of the server" } },
  });
  const both = sent(there.and("and more", new Error("second"))) as MigrationFailedError;
  expect(both.message).toContain("and more");
  expect(both.cause).toBeInstanceOf(AggregateError);
  expect((both.cause as AggregateError).errors).toHaveLength(2);
});
