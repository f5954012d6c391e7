import type { Migration } from "../infra/engines/migration";

const validator = {
  $jsonSchema: {
    bsonType: "object",
    required: ["name", "createdAt"],
    properties: {
      name: { bsonType: "string", minLength: 1, maxLength: 80 },
      members: { bsonType: "array", items: { bsonType: "objectId" } },
      createdAt: { bsonType: "date" },
    },
  },
};

const migration: Migration = {
  version: "20261005090000",
  description: "parties, each with a name of its own",
  transaction: false,
  async up({ helpers }) {
    await helpers.ensureCollection("parties");
    await helpers.ensureValidator("parties", validator);
    await helpers.ensureIndex("parties", { name: 1 }, { unique: true });
  },
  async down({ helpers }) {
    await helpers.removeEmptyCollection("parties");
  },
};

export default migration;
