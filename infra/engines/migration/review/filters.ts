import { isAnything } from "./anything";
import type { Asked } from "./recorder";
import { asObject, type CollectionModel } from "./schema-model";

const filtered: Record<string, { filterAt: number; optionsAt: number }> = {
  find: { filterAt: 0, optionsAt: 1 },
  findOne: { filterAt: 0, optionsAt: 1 },
  countDocuments: { filterAt: 0, optionsAt: 1 },
  distinct: { filterAt: 1, optionsAt: 2 },
  updateOne: { filterAt: 0, optionsAt: 2 },
  updateMany: { filterAt: 0, optionsAt: 2 },
  replaceOne: { filterAt: 0, optionsAt: 2 },
  deleteOne: { filterAt: 0, optionsAt: 1 },
  deleteMany: { filterAt: 0, optionsAt: 1 },
  findOneAndUpdate: { filterAt: 0, optionsAt: 2 },
  findOneAndReplace: { filterAt: 0, optionsAt: 2 },
  findOneAndDelete: { filterAt: 0, optionsAt: 1 },
};

/** A filter that no index answers: production refuses to scan the table for it. */
export function whyUnindexed(
  { collection, method, args }: Asked,
  model: CollectionModel,
): string | undefined {
  const at = filtered[method];
  const filter = at ? args[at.filterAt] : method === "aggregate" ? firstMatch(args[0]) : undefined;
  if (filter === undefined || isAnything(filter) || Object.keys(asObject(filter)).length === 0)
    return undefined;
  if (at && asObject(args[at.optionsAt]).hint !== undefined) return undefined;
  if (isAnswered(filter, model.indexed)) return undefined;
  const fields = Object.keys(asObject(filter)).join(", ");
  return `finds documents of ${collection} by ${fields}, for which no migration has made an index: production refuses that; use helpers.backfill, or make the index before`;
}

export function whyUnbounded({ collection, method, args }: Asked): string | undefined {
  if (method !== "updateMany" && method !== "deleteMany") return undefined;
  if (isAnything(args[0]) || Object.keys(asObject(args[0])).length > 0) return undefined;
  return `changes every document of ${collection} in one command: use helpers.backfill, which goes on after a crash and lets others through`;
}

function isAnswered(filter: unknown, indexed: Set<string>): boolean {
  return Object.entries(asObject(filter)).some(([field, value]) => {
    const branches = Array.isArray(value) ? (value as unknown[]) : [];
    if (field === "$and") return branches.some((one) => isAnswered(one, indexed));
    if (field === "$or") return branches.length > 0 && branches.every((one) => isAnswered(one, indexed));
    return indexed.has(field);
  });
}

function firstMatch(pipeline: unknown): unknown {
  return Array.isArray(pipeline) ? asObject(pipeline[0]).$match : undefined;
}
