import { judgeIndexes, suggestIndex, type IndexSeen } from "../../../../infra/engines/care";

const now = new Date("2026-11-21T00:00:00Z");
const index = (name: string, key: IndexSeen["key"], more: Partial<IndexSeen> = {}): IndexSeen => ({
  ...{ collection: "heroes", name, key, unique: false, special: false, expires: false, bytes: 4096 },
  ...{ uses: 5, countedSince: new Date("2026-11-01T00:00:00Z"), definition: { key, name } },
  ...more,
});
const kinds = (...indexes: IndexSeen[]) =>
  judgeIndexes(indexes, now).map(({ kind, index: name }) => `${kind} ${name}`);

test("an index that nothing has used for a while can go, and one that is always needed cannot", () => {
  expect(kinds(index("hp_1", { hp: 1 }, { uses: 0 }))).toEqual(["unused hp_1"]);
  expect(kinds(index("_id_", { _id: 1 }, { uses: 0 }))).toEqual([]);
  expect(kinds(index("name_1", { name: 1 }, { uses: 0, unique: true }))).toEqual([]);
  expect(kinds(index("seen_1", { seen: 1 }, { uses: 0, expires: true }))).toEqual([]);
  expect(kinds(index("hp_1", { hp: 1 }, { uses: null }))).toEqual([]);
  // A server that has just been started has counted nothing yet.
  expect(kinds(index("hp_1", { hp: 1 }, { uses: 0, countedSince: new Date("2026-11-20") }))).toEqual([]);
});

test("of two that are alike one is named, and what a longer one begins with as well", () => {
  expect(kinds(index("a", { hp: 1 }), index("b", { hp: 1 }))).toEqual(["duplicate b"]);
  expect(kinds(index("hp_1", { hp: 1 }), index("both", { hp: 1, level: -1 }))).toEqual(["prefix hp_1"]);
  expect(kinds(index("hp_1", { hp: 1 }, { unique: true }), index("both", { hp: 1, level: 1 }))).toEqual([]);
  expect(kinds(index("down", { hp: -1 }), index("both", { hp: 1, level: 1 }))).toEqual([]);
  const partial = { special: true };
  expect(kinds(index("hp_1", { hp: 1 }), index("both", { hp: 1, level: 1 }, partial))).toEqual([]);
  expect(kinds(index("hp_1", { hp: 1 }), index("both", { hp: 1, level: 1 }, { collection: "foes" }))).toEqual(
    [],
  );
});

test.each([
  [{ party: 1, level: { $gt: 3 } }, { hp: -1 }, { party: 1, hp: -1, level: 1 }],
  [{ level: { $gte: 1 }, party: { $in: [1] } }, {}, { party: 1, level: 1 }],
  [{ $and: [{ party: 1 }, { level: { $lt: 3 } }] }, {}, { party: 1, level: 1 }],
  [{ _id: 7 }, {}, null],
  [{}, {}, null],
])("the index for %j by %j is %j", (filter, sort, key) => {
  const suggested = suggestIndex({ filter, sort });
  expect(suggested && Object.entries(suggested)).toEqual(key && Object.entries(key));
});
