import type { LoadedMigration } from "../exports";
import { changesOf } from "./changes";
import { whyUnbounded, whyUnindexed } from "./filters";
import type { Asked } from "./recorder";
import type { RiskRule } from "../risk-rules";
import { demandsOf, validatorOf, type CollectionModel } from "./schema-model";

/** A risk in one thing that a migration asks for. */
export interface Risk {
  rule: RiskRule;
  what: string;
}

/** What speaks against something that a migration asks for, with the schema as those before it have made it. */
export function risksOf(asked: Asked, migration: LoadedMigration, model: CollectionModel): Risk[] {
  return [
    ...breakingChanges(asked, migration, model),
    ...tighterValidator(asked, migration, model),
    ...found("unindexed-filter", whyUnindexed(asked, model)),
    ...found("unbounded-write", whyUnbounded(asked)),
    ...found("replaced-collection", whyReplaced(asked)),
  ];
}

function found(rule: RiskRule, what: string | undefined): Risk[] {
  return what === undefined ? [] : [{ rule, what }];
}

/** Old code runs until the new one is verified: nothing that it uses may go before that, nor without a successor. */
function breakingChanges(asked: Asked, migration: LoadedMigration, model: CollectionModel): Risk[] {
  if (model.createdBy === migration.version) return [];
  const why =
    migration.phase === "expand"
      ? "in the expand phase, while the old code still runs: move it to a contract migration"
      : model.expanded
        ? undefined
        : "and no expand migration before it has moved the data: write that one first";
  if (why === undefined) return [];
  return changesOf(asked).map(({ rule, what }) => ({ rule, what: `${what} ${why}` }));
}

function tighterValidator(asked: Asked, migration: LoadedMigration, model: CollectionModel): Risk[] {
  const validator = validatorOf(asked);
  if (!validator || model.createdBy === migration.version) return [];
  const { required, types, limits } = demandsOf(validator);
  const before = model.demands ?? { required: [], types: {}, limits: {} };
  const retyped = Object.keys(types).filter(
    (name) => before.types[name] !== undefined && before.types[name] !== types[name],
  );
  const tighter = [
    ...required.filter((name) => !before.required.includes(name)),
    ...Object.keys(limits).filter(
      (name) => before.limits[name] !== undefined && before.limits[name] !== limits[name],
    ),
  ];
  const filled = migration.phase === "contract" && model.changedBy.size > 0;
  const { collection } = asked;
  const when =
    migration.phase === "expand"
      ? "while the old code still writes: move it to a contract migration"
      : "and no migration has filled the documents that are there: backfill them first";
  return [
    ...(retyped.length > 0 && !filled
      ? [
          {
            rule: "breaking-type" as const,
            what: `demands another type of ${collection}.${retyped.join(", ")} ${when}`,
          },
        ]
      : []),
    ...(tighter.length > 0 && !filled
      ? [
          {
            rule: "tighter-validator" as const,
            what: `demands more of ${collection} (${tighter.join(", ")}) ${when}`,
          },
        ]
      : []),
  ];
}

function whyReplaced({ collection, args }: Asked): string | undefined {
  const pipeline = args.find((one) => Array.isArray(one)) as object[] | undefined;
  const stage = pipeline
    ?.flatMap((one) => Object.keys(one ?? {}))
    .find((name) => name === "$out" || name === "$merge");
  return (
    stage && `writes what it reads from ${collection} by ${stage}, which no transaction and no place can hold`
  );
}
