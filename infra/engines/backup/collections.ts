import { BSON } from "mongodb";
import {
  dataNameOf,
  elementsOf,
  toExtendedJson,
  type CollectionHeader,
  type CollectionType,
} from "./archive";
import { isOwnCollection } from "./names";
import { documentsOf, rawBatches, type Source } from "./raw-batches";

/** A collection, view or time series of a database, as an archive describes it. */
export interface FoundCollection {
  name: string;
  type: Exclude<CollectionType, "">;
  /** Where its documents really stand; a view has none. */
  data: string | undefined;
  uuid: string;
  capped: boolean;
  /** What it was made with, as canonical Extended JSON. */
  options: string;
  header: CollectionHeader;
}

/** Everything in a database that an archive must hold, in the order of its names. */
export async function findCollections(source: Source): Promise<FoundCollection[]> {
  const found: FoundCollection[] = [];
  for await (const batch of rawBatches(source, listCollections))
    for (const listed of documentsOf(batch)) {
      const one = parse(listed);
      if (isOwnCollection(one.name)) found.push(await describe(source, one, part(listed, "options")));
    }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

const listCollections = { listCollections: 1, filter: {}, cursor: { batchSize: 1000 } };

interface Listed {
  name: string;
  type?: Exclude<CollectionType, "">;
  options?: { capped?: boolean };
  info?: { uuid?: BSON.Binary };
}

const parse = (listed: Buffer) => BSON.deserialize(listed) as Listed;

async function describe(
  source: Source,
  { name, type = "collection", options, info }: Listed,
  rawOptions: Buffer | undefined,
): Promise<FoundCollection> {
  const uuid = info?.uuid ? Buffer.from(info.uuid.buffer).toString("hex") : "";
  const made = rawOptions ? toExtendedJson(rawOptions) : "{}";
  const indexes = type === "view" ? [] : await indexesOf(source, name);
  const rest = JSON.stringify({ uuid, collectionName: name, type }).slice(1);
  const metadata = `{"options":${made},"indexes":[${indexes.join(",")}],${rest}`;
  return {
    name,
    type,
    data: dataNameOf({ name, type }),
    uuid,
    capped: options?.capped === true,
    options: made,
    header: { db: source.db.databaseName, collection: name, metadata, size: 0, type },
  };
}

async function indexesOf(source: Source, name: string): Promise<string[]> {
  const indexes: string[] = [];
  const command = { listIndexes: name, cursor: { batchSize: 1000 } };
  for await (const batch of rawBatches(source, command))
    for (const index of documentsOf(batch)) indexes.push(toExtendedJson(index));
  return indexes;
}

function part(document: Buffer, field: string): Buffer | undefined {
  for (const { name, start, end } of elementsOf(document))
    if (name === field) return document.subarray(start, end);
  return undefined;
}

/** Names of what is not as it was: gone, new, made with other options, or another one under the same name. */
export function changedCollections(
  before: readonly FoundCollection[],
  after: readonly FoundCollection[],
): string[] {
  const identity = ({ uuid, type, options }: FoundCollection) => `${uuid} ${type} ${options}`;
  const known = new Map(before.map((one) => [one.name, identity(one)]));
  const seen = new Map(after.map((one) => [one.name, identity(one)]));
  return [...new Set([...known.keys(), ...seen.keys()])]
    .filter((name) => known.get(name) !== seen.get(name))
    .sort();
}
