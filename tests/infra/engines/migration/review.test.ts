import { join } from "node:path";
import { reviewMigrations } from "../../../../infra/engines/migration";
import { openWorkshop, type Sources, type Workshop } from "./workshop";

let shop: Workshop;

beforeAll(async () => {
  shop = await openWorkshop("migration_review");
});
afterAll(() => shop.close());

const characters = `transaction: false, irreversible: "no", async up({ helpers }) {
    await helpers.ensureCollection("characters");
    await helpers.ensureValidator("characters", { $jsonSchema: { required: ["name"],
      properties: { name: { bsonType: "string" }, level: { bsonType: "int", maximum: 20 } } } });
    await helpers.ensureIndex("characters", { name: 1 });
  },`;

/** What the review flags in a migration that follows the collection's creation. */
async function flagged(source: string, before: Sources = {}): Promise<string[]> {
  const folder = await shop.folder({
    "20260101000000-create": characters,
    ...before,
    "20260201000000-next": `irreversible: "no", transaction: false, idempotent: true, ${source}`,
  });
  const { findings } = await reviewMigrations(folder);
  return findings.map(({ rule, file, what }) => `${rule} ${file}: ${what}`);
}

const filled: Sources = {
  "20260110000000-fill": `transaction: false, irreversible: "no", async up({ helpers }) {
      await helpers.backfill("characters", { update: [{ $set: { points: "$hp" } }] });
    },`,
};

describe("the review of migrations, without a database", () => {
  test.each([
    [
      "breaking-drop",
      "drops characters.hp",
      `up: ({ helpers }) => helpers.backfill("characters", { update: { $unset: { hp: "" } } }),`,
    ],
    [
      "breaking-drop",
      "drops the collection characters",
      `up: ({ db }) => db.collection("characters").drop(),`,
    ],
    [
      "breaking-rename",
      "characters.hp to points",
      `up: ({ helpers }) => helpers.renameField("characters", "hp", "points"),`,
    ],
    [
      "breaking-rename",
      "renames the collection",
      `up: ({ db }) => db.collection("characters").rename("heroes"),`,
    ],
    [
      "breaking-type",
      "the type of characters.level",
      `up: ({ helpers }) => helpers.backfill("characters", { update: [{ $set: { level: { $toString: "$level" } } }] }),`,
    ],
    [
      "breaking-type",
      "another type of characters.level",
      `up: ({ helpers }) => helpers.ensureValidator("characters", { $jsonSchema: { required: ["name"], properties: { level: { bsonType: "string", maximum: 20 } } } }),`,
    ],
    [
      "tighter-validator",
      "demands more of characters (hp)",
      `up: ({ helpers }) => helpers.ensureValidator("characters", { $jsonSchema: { required: ["name", "hp"] } }),`,
    ],
    [
      "unindexed-filter",
      "finds documents of characters by level",
      `up: ({ db }) => db.collection("characters").updateMany({ level: 3 }, { $set: { x: 1 } }),`,
    ],
    [
      "unbounded-write",
      "every document of characters",
      `up: ({ db }) => db.collection("characters").updateMany({}, { $set: { x: 1 } }),`,
    ],
    [
      "replaced-collection",
      "by $merge",
      `up: ({ db }) => db.collection("characters").aggregate([{ $merge: "heroes" }]).toArray(),`,
    ],
  ])("flags %s: %s", async (rule, what, source) => {
    const found = await flagged(source);
    expect(found).toEqual([expect.stringContaining(`${rule} 20260201000000-next.ts: `)]);
    expect(found[0]).toContain(what);
  });

  test.each([
    [
      "an index for the filter",
      `up: ({ db }) => db.collection("characters").updateMany({ name: "Mira", level: 3 }, { $set: { x: 1 } }),`,
    ],
    [
      "a hint of its own",
      `up: ({ db }) => db.collection("characters").findOne({ level: 3 }, { hint: { _id: 1 } }),`,
    ],
    [
      "documents that were read first",
      `async up({ db }) {
        for (const { _id, parties } of await db.collection("characters").find({}).toArray())
          for (const party of parties) await db.collection("parties").updateOne({ _id: party.id }, { $addToSet: { members: _id } });
      },`,
    ],
    [
      "a contract after an expand",
      `phase: "contract", up: ({ helpers }) => helpers.backfill("characters", { update: { $unset: { hp: "" } } }),`,
    ],
    [
      "a loop until nothing is left",
      `async up({ db }) {
        const old = db.collection("characters");
        for (let some; (some = await old.find({ name: "x" }).limit(100).toArray()).length > 0; ) await old.deleteMany({ _id: { $in: some.map(({ _id }) => _id) } });
      },`,
    ],
  ])("lets %s pass", async (_what, source) => {
    expect(await flagged(source, filled)).toEqual([]);
  });

  test("wants an expand migration before a contract one that drops", async () => {
    const [found] = await flagged(
      `phase: "contract", up: ({ helpers }) => helpers.backfill("characters", { update: { $unset: { hp: "" } } }),`,
    );
    expect(found).toContain("no expand migration before it");
  });

  test("takes a reason, shows it, and is then content", async () => {
    const source = `irreversible: "no", transaction: false, idempotent: true,
      up: ({ db }) => db.collection("characters").deleteMany({}),`;
    const open = await shop.folder({ "20260101000000-create": characters, "20260201000000-next": source });
    expect(await reviewMigrations(open)).toMatchObject({ ok: false, problems: [] });
    const accepted = `accepts: { "unbounded-write": "the collection holds test data" }, ${source}`;
    const folder = await shop.folder({
      "20260101000000-create": characters,
      "20260201000000-next": accepted,
    });
    const review = await reviewMigrations(folder);
    expect(review.ok).toBe(true);
    expect(review.findings).toEqual([
      expect.objectContaining({ rule: "unbounded-write", accepted: "the collection holds test data" }),
    ]);
  });

  test("names what it could not follow to its end, and never hangs", async () => {
    const folder = await shop.folder({
      "20260101000000-throws": `irreversible: "no", async up({ db }) {
          if ((await db.collection("things").countDocuments({})) > 0) throw new Error("wants an empty collection");
        },`,
      "20260102000000-hangs": `irreversible: "no", up: () => new Promise(() => undefined),`,
      "20260103000000-asks": `irreversible: "no", async up({ db }) { for (;;) await db.collection("things").insertOne({}); },`,
    });
    const { unread } = await reviewMigrations(folder);
    expect(unread.map(({ why }) => why.split("\n")[0])).toEqual([
      "wants an empty collection",
      "it did not end",
      "it asks without an end",
    ]);
  });

  test("wants a way back where policy does, and dependencies that are there", async () => {
    const folder = await shop.folder({
      "20260101000000-one": `irreversible: "no", async up() {},`,
      "20260102000000-two": `dependsOn: ["20260103000000"], async up() {}, async down() {},`,
    });
    expect((await reviewMigrations(folder, { requireDown: true })).problems).toEqual([
      expect.stringContaining("20260102000000-two.ts depends on 20260103000000"),
      expect.stringContaining("20260101000000-one.ts has no `down`"),
    ]);
  });

  test("finds nothing in the tracker's own migrations", async () => {
    const review = await reviewMigrations(join(__dirname, "../../../../migrations"));
    expect(review).toEqual({ ok: true, total: 8, problems: [], findings: [], unread: [] });
  });
});
