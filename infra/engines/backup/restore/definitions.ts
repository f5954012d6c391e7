import type { Db } from "mongodb";
import { fromExtendedJson, type CollectionType } from "../archive";

type Fields = Map<string, unknown>;

/** With all its options, and empty; its indexes come after the documents. */
export async function createCollection(db: Db, name: string, metadata: string): Promise<void> {
  // The server makes its own collections by itself.
  if (name.startsWith("system.")) return;
  const { options } = parse(metadata);
  await db.command({ create: name, ...Object.fromEntries(options) });
}

/** All indexes of a collection in one go: the server reads the documents once. */
export async function createIndexes(db: Db, name: string, metadata: string): Promise<void> {
  const { options, indexes } = parse(metadata);
  const wanted = indexes
    .filter((index) => index.get("name") !== "_id_" && !index.get("clustered"))
    .map((index) => withOwnCollation(index, options));
  if (wanted.length > 0) await db.command({ createIndexes: name, indexes: wanted });
}

/** Old archives say of a collection only by its options what it is. */
export function typeOf(metadata: string): CollectionType {
  const { options } = parse(metadata);
  if (options.has("timeseries")) return "timeseries";
  return options.has("viewOn") ? "view" : "collection";
}

/** Its documents have an order that must stay. */
export const isCapped = (metadata: string) => parse(metadata).options.get("capped") === true;

function parse(metadata: string): { options: Fields; indexes: Fields[] } {
  const described = fromExtendedJson(metadata === "" ? "{}" : metadata) as Fields;
  return {
    options: (described.get("options") ?? new Map()) as Fields,
    indexes: (described.get("indexes") ?? []) as Fields[],
  };
}

/** An index that compares plainly says nothing of it; in a collection with a collation it would take that one. */
function withOwnCollation(index: Fields, options: Fields): Fields {
  // Of old servers: it names the database that the index came from.
  const { ns: _ns, ...rest } = Object.fromEntries(index);
  const own = new Map(Object.entries(rest));
  const isPlain = options.has("collation") && !own.has("collation");
  return isPlain ? own.set("collation", new Map([["locale", "simple"]])) : own;
}
