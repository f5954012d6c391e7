import type { IndexDefinition } from "./index-seen";

/** The index that stands in for another one while that is away; null where MongoDB has none that could. */
export function coveringIndex({ key, name, ...options }: IndexDefinition): IndexDefinition | null {
  const ways = Object.values(key);
  // Text, places, hashes and wildcards are indexes of a kind that another field cannot be added to.
  const ordered = ways.every((way) => way === 1 || way === -1);
  const wild = Object.keys(key).some((field) => field.includes("$**"));
  if (!ordered || wild) return null;
  const { partialFilterExpression, collation, sparse } = options;
  return {
    key: { ...key, [freeField(key)]: 1 },
    name: `${name}_covering`,
    // A sparse index of several fields has every document that has one of them: it must not lack what the other had.
    ...(partialFilterExpression === undefined ? {} : { partialFilterExpression }),
    ...(collation === undefined ? {} : { collation }),
    ...(sparse === undefined ? {} : { sparse: false }),
  };
}

/** Two indexes of the very same fields are not allowed, so that this one needs one more. */
function freeField(key: Record<string, unknown>): string {
  return "_id" in key ? "_rebuild" : "_id";
}
