import type { Migration } from "../infra/engines/migration";

const wholeNumber = (minimum: number, maximum: number) => ({
  bsonType: "number",
  multipleOf: 1,
  minimum,
  maximum,
});

const validator = {
  $jsonSchema: {
    bsonType: "object",
    required: ["name", "class", "level", "armorClass", "createdAt", "updatedAt"],
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
    },
  },
};

const migration: Migration = {
  version: "20261005091000",
  description: "characters, found by name and by party",
  transaction: false,
  async up({ helpers }) {
    await helpers.ensureCollection("characters");
    await helpers.ensureValidator("characters", validator);
    await helpers.ensureIndex("characters", { name: 1 });
    await helpers.ensureIndex("characters", { partyId: 1, name: 1 });
  },
  async down({ helpers }) {
    await helpers.removeEmptyCollection("characters");
  },
};

export default migration;
