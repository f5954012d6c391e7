import type { Migration } from "../infra/engines/migration";

const wholeNumber = (minimum: number, maximum: number) => ({
  bsonType: "number",
  multipleOf: 1,
  minimum,
  maximum,
});

const character = (required: string[], properties: object) => ({
  $jsonSchema: {
    bsonType: "object",
    required: ["name", "class", "level", "armorClass", "createdAt", "updatedAt", ...required],
    properties: {
      name: { bsonType: "string", minLength: 1, maxLength: 80 },
      class: { bsonType: "string", minLength: 1, maxLength: 40 },
      level: wholeNumber(1, 20),
      armorClass: wholeNumber(1, 40),
      hp: wholeNumber(0, 999),
      maxHp: wholeNumber(1, 999),
      partyId: { bsonType: "objectId" },
      createdAt: { bsonType: "date" },
      updatedAt: { bsonType: "date" },
      ...properties,
    },
  },
});

const hitPoints = {
  bsonType: "object",
  required: ["current", "max"],
  properties: { current: wholeNumber(0, 999), max: wholeNumber(1, 999) },
};

const migration: Migration = {
  version: "20261109090000",
  description: "every character has hit points, never more than its most",
  phase: "contract",
  transaction: false,
  async up({ helpers }) {
    // Old code may have written characters until a moment ago.
    const max = { $max: [1, { $ifNull: ["$maxHp", "$hp", 10] }] };
    await helpers.backfill("characters", {
      filter: { hitPoints: { $exists: false } },
      update: [{ $set: { hitPoints: { current: { $min: [{ $ifNull: ["$hp", max] }, max] }, max } } }],
    });
    await helpers.ensureValidator("characters", {
      ...character(["hitPoints"], { hitPoints }),
      $expr: { $lte: ["$hitPoints.current", "$hitPoints.max"] },
    });
  },
  async down({ helpers }) {
    await helpers.ensureValidator("characters", character([], {}));
  },
};

export default migration;
