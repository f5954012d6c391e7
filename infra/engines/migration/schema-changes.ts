import type { Db } from "mongodb";
import { MigrationMisuseError } from "./errors";
import { refuseMethod, type Guard } from "./guard";
import type { IndexKey, MigrationHelpers } from "./migration-context";

type SchemaChanges = Pick<
  MigrationHelpers,
  "ensureCollection" | "removeEmptyCollection" | "ensureIndex" | "removeIndex" | "ensureValidator"
>;

/** Changes of collections, indexes and validators, which no transaction can hold. */
export function schemaChanges(db: Db): SchemaChanges {
  const exists = async (name: string): Promise<boolean> =>
    (await db.listCollections({ name }, { nameOnly: true }).toArray()).length > 0;
  return {
    async ensureCollection(name, options = {}) {
      if (!(await exists(name))) await db.createCollection(name, options);
    },
    async removeEmptyCollection(name) {
      if (!(await exists(name))) return;
      if (await db.collection(name).findOne({}, { projection: { _id: 1 } })) {
        throw new MigrationMisuseError(
          `the collection ${name} holds documents, and taking it back would lose them`,
          "Keep the migration, or restore the archive of the release before it.",
        );
      }
      await db.collection(name).drop();
    },
    async ensureIndex(collection, key, options = {}) {
      await db.collection(collection).createIndex(key, { name: indexName(key), ...options });
    },
    async removeIndex(collection, key) {
      if (!(await exists(collection))) return;
      const wanted = JSON.stringify(key);
      const found = (await db.collection(collection).indexes()).find(
        (index) => JSON.stringify(index.key) === wanted,
      );
      if (found?.name) await db.collection(collection).dropIndex(found.name);
    },
    async ensureValidator(collection, validator) {
      await db.command({ collMod: collection, validator: validator ?? {} });
    },
  };
}

/** The same, refused: a transaction that met them would only fail with the server's less helpful words. */
export function refusedSchemaChanges(guard: Guard): SchemaChanges {
  const refused = (name: string) => async (): Promise<never> => refuseMethod(guard, name);
  return {
    ensureCollection: refused("ensureCollection"),
    removeEmptyCollection: refused("removeEmptyCollection"),
    ensureIndex: refused("ensureIndex"),
    removeIndex: refused("removeIndex"),
    ensureValidator: refused("ensureValidator"),
  };
}

function indexName(key: IndexKey): string {
  return Object.entries(key)
    .map(([field, order]) => `${field}_${order}`)
    .join("_");
}
