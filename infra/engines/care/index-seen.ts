/** What a person must know of an index before deciding about it. */
export interface IndexSeen {
  collection: string;
  name: string;
  /** Fields in their order, each with its direction or kind. */
  key: Record<string, number | string>;
  unique: boolean;
  /** Of its own collation, partial, sparse, hidden: it serves other queries than one of the same fields would. */
  special: boolean;
  /** Deletes what has grown old: that is a use that no counter shows. */
  expires: boolean;
  bytes: number;
  /** Since the server started; null where this user may not ask. */
  uses: number | null;
  countedSince: Date | null;
  /** As it is created again: everything but what the server adds. */
  definition: IndexDefinition;
}

export interface IndexDefinition {
  key: Record<string, number | string>;
  name: string;
  [option: string]: unknown;
}

/** The index that every collection has, and that nobody may drop. */
export const idIndex = "_id_";

/** An index as one reads it: `heroes.hp_1 {hp: 1}`. */
export function indexInWords({
  collection,
  name,
  key,
}: Pick<IndexSeen, "collection" | "name" | "key">): string {
  const fields = Object.entries(key).map(([field, way]) => `${field}: ${way}`);
  return `${collection}.${name} {${fields.join(", ")}}`;
}
