import type { Migration } from "../infra/engines/migration";

/** What a character of whom nothing is known starts with. */
const unknownMax = 10;

const migration: Migration = {
  version: "20261102090000",
  description: "hit points of characters in one place, beside the flat fields",
  transaction: false,
  async up({ helpers }) {
    const max = { $max: [1, { $ifNull: ["$maxHp", "$hp", unknownMax] }] };
    await helpers.backfill("characters", {
      filter: { hitPoints: { $exists: false } },
      update: [{ $set: { hitPoints: { current: { $min: [{ $ifNull: ["$hp", max] }, max] }, max } } }],
    });
  },
  async down({ helpers }) {
    await helpers.backfill("characters", {
      filter: { hitPoints: { $exists: true } },
      update: [{ $set: { hp: "$hitPoints.current", maxHp: "$hitPoints.max" } }, { $unset: "hitPoints" }],
    });
  },
  async verify({ db }) {
    const without = await db
      .collection("characters")
      .findOne({ hitPoints: { $exists: false } }, { hint: { _id: 1 }, projection: { _id: 1 } });
    if (without) throw new Error(`character ${without._id.toHexString()} has no hit points`);
  },
};

export default migration;
