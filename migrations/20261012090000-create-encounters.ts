import type { Migration } from "../infra/engines/migration";

const count = { bsonType: "number", multipleOf: 1, minimum: 0 };

const combatant = {
  bsonType: "object",
  required: ["name", "initiative", "hitPoints"],
  properties: {
    characterId: { bsonType: "objectId" },
    name: { bsonType: "string", minLength: 1, maxLength: 80 },
    initiative: { bsonType: "number", multipleOf: 1 },
    hitPoints: {
      bsonType: "object",
      required: ["current", "max"],
      properties: { current: count, max: count },
    },
  },
};

const validator = {
  $jsonSchema: {
    bsonType: "object",
    required: ["name", "partyId", "status", "round", "turnIndex", "combatants", "createdAt", "updatedAt"],
    properties: {
      name: { bsonType: "string", minLength: 1, maxLength: 80 },
      partyId: { bsonType: "objectId" },
      status: { enum: ["planned", "active", "finished"] },
      round: count,
      turnIndex: count,
      combatants: { bsonType: "array", maxItems: 100, items: combatant },
      createdAt: { bsonType: "date" },
      updatedAt: { bsonType: "date" },
    },
  },
};

const migration: Migration = {
  version: "20261012090000",
  description: "encounters, found by party and by status",
  transaction: false,
  async up({ helpers }) {
    await helpers.ensureCollection("encounters");
    await helpers.ensureValidator("encounters", validator);
    await helpers.ensureIndex("encounters", { partyId: 1, createdAt: -1 });
    await helpers.ensureIndex("encounters", { status: 1 });
  },
  async down({ helpers }) {
    await helpers.removeEmptyCollection("encounters");
  },
};

export default migration;
