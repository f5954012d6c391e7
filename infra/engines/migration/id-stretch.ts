import { BSON, type ClientSession, type Collection, type Document, type Filter } from "mongodb";

/** Some documents that follow each other in the order of `_id`. */
export interface IdStretch {
  /** Where they begin, and whether the first one is left out because the stretch before ended with it. */
  first: unknown;
  excluding: boolean;
  last: unknown;
  size: number;
  /** All of them where a range cannot tell them: ids of several types stand in it. */
  ids: unknown[] | undefined;
}

/** The documents after a place, at most so many; undefined at the end. Reads the index of `_id` alone. */
export async function nextStretch(
  collection: Collection,
  place: { last: unknown } | undefined,
  limit: number,
  session: ClientSession,
): Promise<IdStretch | undefined> {
  // `min` and not `$gt`, which sees only ids of the same type; it includes the last one, so that is left out.
  const found = await collection
    .find(
      {},
      {
        session,
        projection: { _id: 1 },
        sort: { _id: 1 },
        hint: { _id: 1 },
        limit: limit + 1,
        batchSize: limit + 2,
        ...(place ? { min: { _id: place.last } } : {}),
      },
    )
    .toArray();
  const all = found.map(({ _id }) => _id as unknown);
  const fresh = place && all.length > 0 && isSame(all[0], place.last) ? all.slice(1) : all;
  const ids = fresh.slice(0, limit);
  if (ids.length === 0) return undefined;
  const first = place ? place.last : ids[0];
  const last = ids.at(-1);
  const mixed = bracketOf(first) === undefined || bracketOf(first) !== bracketOf(last);
  return { first, excluding: place !== undefined, last, size: ids.length, ids: mixed ? ids : undefined };
}

/** A filter that those documents match and no other. */
export function within({ first, excluding, last, ids }: IdStretch): Filter<Document> {
  const id = ids ? { $in: ids } : { [excluding ? "$gt" : "$gte"]: first, $lte: last };
  return { _id: id } as Filter<Document>;
}

/** Values that the server compares with each other in a range share a bracket; undefined for those it never does. */
function bracketOf(id: unknown): string | undefined {
  if (typeof id === "number") return Number.isNaN(id) ? undefined : "number";
  if (typeof id === "bigint") return "number";
  if (typeof id === "string" || typeof id === "boolean") return typeof id;
  if (id instanceof Date) return "date";
  if (typeof id !== "object" || id === null) return undefined;
  const type = (id as { _bsontype?: string })._bsontype;
  if (type === undefined) return Array.isArray(id) ? undefined : "object";
  return ["Long", "Double", "Int32", "Decimal128"].includes(type) ? "number" : type;
}

function isSame(one: unknown, other: unknown): boolean {
  const bytes = (id: unknown): Uint8Array => BSON.serialize({ id });
  return Buffer.compare(bytes(one), bytes(other)) === 0;
}
