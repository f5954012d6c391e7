import type { Migration } from "../infra/engines/migration";

const migration: Migration = {
  version: "20261109091000",
  description: "the flat fields hp and maxHp of characters are gone",
  phase: "contract",
  transaction: false,
  async up({ helpers }) {
    await helpers.backfill("characters", {
      filter: { $or: [{ hp: { $exists: true } }, { maxHp: { $exists: true } }] },
      update: { $unset: { hp: "", maxHp: "" } },
    });
  },
  async down({ helpers }) {
    await helpers.backfill("characters", {
      filter: { hp: { $exists: false } },
      update: [{ $set: { hp: "$hitPoints.current", maxHp: "$hitPoints.max" } }],
    });
  },
};

export default migration;
