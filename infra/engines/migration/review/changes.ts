import type { Asked } from "./recorder";
import type { Risk } from "./rules";
import { asObject } from "./schema-model";

const converters = new Set(
  "$toInt $toLong $toDouble $toDecimal $toString $toDate $toBool $toObjectId $convert".split(" "),
);

/** What old code would miss afterwards: dropped, renamed, or of another type. */
export function changesOf(asked: Asked): Risk[] {
  const { collection, method, args } = asked;
  if (method === "drop" || method === "dropCollection" || method === "command.drop") {
    return [{ rule: "breaking-drop", what: `drops the collection ${collection}` }];
  }
  if (method === "rename" || method === "renameCollection") {
    return [{ rule: "breaking-rename", what: `renames the collection ${collection}` }];
  }
  if (method === "helpers.renameField") {
    const what = `renames ${collection}.${String(args[0])} to ${String(args[1])}`;
    return [{ rule: "breaking-rename", what }];
  }
  return updatesOf(asked).flatMap((update) => changesInUpdate(collection, update));
}

function changesInUpdate(collection: string, update: unknown): Risk[] {
  const stages = Array.isArray(update) ? (update as unknown[]) : [update];
  return stages.flatMap((stage) => {
    const { $unset, $rename, $set, $addFields } = asObject(stage);
    const gone =
      typeof $unset === "string" ? [$unset] : Array.isArray($unset) ? $unset : Object.keys(asObject($unset));
    const renamed = Object.entries(asObject($rename));
    const retyped = Object.entries({ ...asObject($set), ...asObject($addFields) }).filter(([field, value]) =>
      converts(field, value),
    );
    return [
      ...gone.map((field): Risk => ({ rule: "breaking-drop", what: `drops ${collection}.${String(field)}` })),
      ...renamed.map(([from, to]): Risk => ({
        rule: "breaking-rename",
        what: `renames ${collection}.${from} to ${String(to)}`,
      })),
      ...retyped.map(([field]): Risk => ({
        rule: "breaking-type",
        what: `changes the type of ${collection}.${field}`,
      })),
    ];
  });
}

/** Whether a field's new value is its old one as another type. */
function converts(field: string, value: unknown): boolean {
  const [[operator, argument] = ["", undefined]] = Object.entries(asObject(value));
  if (!converters.has(operator)) return false;
  const input = operator === "$convert" ? asObject(argument).input : argument;
  return input === `$${field}`;
}

function updatesOf({ method, args }: Asked): unknown[] {
  if (method === "helpers.backfill") return [asObject(args[0]).update];
  if (/^(updateOne|updateMany|findOneAndUpdate)$/.test(method)) return [args[1]];
  if (method === "command.update")
    return (asObject(args[0]).updates as unknown[]).map((one) => asObject(one).u);
  if (method !== "bulkWrite" || !Array.isArray(args[0])) return [];
  return (args[0] as unknown[]).flatMap((one) =>
    Object.values(asObject(one)).map((each) => asObject(each).update),
  );
}
