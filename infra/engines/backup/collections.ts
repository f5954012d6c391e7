import { BSON, type Db, type Document } from "mongodb";
import type { CollectionHeader, CollectionType } from "./archive-format";

/** A collection, view or time series of a database, as an archive describes it. */
export interface FoundCollection {
  name: string;
  /** Where its documents really stand; a view has none. */
  source: string | null;
  type: Exclude<CollectionType, "">;
  uuid: string;
  capped: boolean;
  header: CollectionHeader;
}

/** Everything in a database that an archive must hold, in the order of its names. */
export async function findCollections(db: Db): Promise<FoundCollection[]> {
  const listed = await db.listCollections({}, { nameOnly: false }).toArray();
  const own = listed.filter(({ name }) => !name.startsWith("system."));
  const found = await Promise.all(own.map((one) => describe(db, one as unknown as Listed)));
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

interface Listed {
  name: string;
  type: Exclude<CollectionType, "">;
  options: Document;
  info: { uuid?: { buffer: Uint8Array } };
}

async function describe(db: Db, { name, type, options, info }: Listed): Promise<FoundCollection> {
  const uuid = info.uuid ? Buffer.from(info.uuid.buffer).toString("hex") : "";
  const indexes = type === "view" ? [] : await db.collection(name).listIndexes().toArray();
  const metadata = BSON.EJSON.stringify(
    { options, indexes, uuid, collectionName: name, type },
    { relaxed: false },
  );
  return {
    name,
    source: type === "view" ? null : type === "timeseries" ? `system.buckets.${name}` : name,
    type,
    uuid,
    capped: options.capped === true,
    header: { db: db.databaseName, collection: name, metadata, size: 0, type },
  };
}

/** Names of collections that are not what they were: gone, new, or another one under the same name. */
export function changedCollections(
  before: readonly FoundCollection[],
  after: readonly FoundCollection[],
): string[] {
  const known = new Map(before.map((one) => [one.name, one.uuid]));
  const seen = new Map(after.map((one) => [one.name, one.uuid]));
  return [...new Set([...known.keys(), ...seen.keys()])]
    .filter((name) => known.get(name) !== seen.get(name))
    .sort();
}
