/** A query as the profiler writes it down, as far as an index depends on it. */
export interface QueryShape {
  filter: Record<string, unknown>;
  sort: Record<string, unknown>;
}

const ranges = new Set(["$gt", "$gte", "$lt", "$lte", "$ne", "$nin", "$exists", "$regex", "$not"]);

/** The index that would serve a query: fields that are equal first, then the order, then ranges; null for none. */
export function suggestIndex({ filter, sort }: QueryShape): Record<string, 1 | -1> | null {
  const { equal, ranged } = fieldsOf(filter);
  const ordered = Object.entries(sort).flatMap(([field, way]) =>
    typeof way === "number" ? [[field, way < 0 ? -1 : 1] as const] : [],
  );
  const key: Record<string, 1 | -1> = {};
  for (const field of [...equal].sort()) key[field] = 1;
  for (const [field, way] of ordered) key[field] ??= way;
  for (const field of [...ranged].sort()) key[field] ??= 1;
  const fields = Object.keys(key);
  return fields.length === 0 || (fields.length === 1 && fields[0] === "_id") ? null : key;
}

function fieldsOf(filter: Record<string, unknown>): { equal: Set<string>; ranged: Set<string> } {
  const equal = new Set<string>();
  const ranged = new Set<string>();
  for (const [field, wanted] of Object.entries(filter)) {
    if (field === "$and" && Array.isArray(wanted)) {
      for (const part of wanted) {
        const inner = fieldsOf(part as Record<string, unknown>);
        inner.equal.forEach((one) => equal.add(one));
        inner.ranged.forEach((one) => ranged.add(one));
      }
      continue;
    }
    // Each branch of an $or wants an index of its own: a person decides.
    if (field.startsWith("$")) continue;
    (isRange(wanted) ? ranged : equal).add(field);
  }
  for (const field of equal) ranged.delete(field);
  return { equal, ranged };
}

function isRange(wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null) return false;
  return Object.keys(wanted).some((operator) => ranges.has(operator));
}
