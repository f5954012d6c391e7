import type { FoundCollection } from "./collections";

/** Users and roles stand in the server's own database; in an archive, as mongodump has them, under these names. */
const kept = ["system.users", "system.roles", "system.version"] as const;

/** A part of a collection of the database `admin` that belongs to the database that is dumped. */
export interface AdminPart {
  collection: FoundCollection;
  find: { db: "admin"; collection: string; filter: object };
}

/** The users and roles of one database, and the version of the form in which the server keeps them. */
export function adminParts(database: string): AdminPart[] {
  return kept.map((name) => {
    const filter = name === "system.version" ? { _id: "authSchema" } : { db: database };
    return { collection: partNamed(database, name), find: { db: "admin", collection: name, filter } };
  });
}

function partNamed(database: string, name: string): FoundCollection {
  const collection = `$admin.${name}`;
  const metadata = JSON.stringify({
    options: {},
    indexes: [],
    uuid: "",
    collectionName: collection,
    type: "collection",
  });
  return {
    name: collection,
    type: "collection",
    data: collection,
    uuid: "",
    capped: false,
    options: "{}",
    header: { db: database, collection, metadata, size: 0, type: "collection" },
  };
}
