import type { Asked } from "./recorder";
import type { MigrationPhase } from "../migration";

/** What a `$jsonSchema` demands, as much of it as tells a tighter one from a looser one. */
export interface Demands {
  required: string[];
  /** The type of each property, as it stands there. */
  types: Record<string, string>;
  /** Everything else of each property. */
  limits: Record<string, string>;
}

/** A collection as the migrations so far have made it. */
export interface CollectionModel {
  /** The first fields of its indexes: a filter on one of them scans no table. */
  indexed: Set<string>;
  demands: Demands | undefined;
  /** Which migration has created it. */
  createdBy: string | undefined;
  /** Whether documents were written or read by a migration of the expand phase. */
  expanded: boolean;
  /** Which migrations have changed documents of it. */
  changedBy: Set<string>;
}

/** The schema without any database, as the migrations tell it in their order. */
export class SchemaModel {
  readonly #collections = new Map<string, CollectionModel>();

  of(collection: string): CollectionModel {
    const found = this.#collections.get(collection);
    if (found) return found;
    const fresh: CollectionModel = {
      indexed: new Set(["_id"]),
      demands: undefined,
      createdBy: undefined,
      expanded: false,
      changedBy: new Set(),
    };
    this.#collections.set(collection, fresh);
    return fresh;
  }

  /** Takes in what was asked, after it was judged. */
  take(asked: Asked, version: string, phase: MigrationPhase): void {
    const { method, args } = asked;
    const model = this.of(asked.collection);
    const creates = ["helpers.ensureCollection", "createCollection"].includes(method);
    if (creates) model.createdBy ??= version;
    for (const field of indexedBy(asked)) model.indexed.add(field);
    const validator = validatorOf(asked);
    if (validator !== undefined) model.demands = demandsOf(validator);
    const changesDocuments = /^(insert|update|replace|bulk|findOneAnd|helpers\.(backfill|renameField))/.test(
      method,
    );
    if (changesDocuments) model.changedBy.add(version);
    if (phase === "expand" && (changesDocuments || /^(find|aggregate)/.test(method))) model.expanded = true;
    if (method === "helpers.removeEmptyCollection" || method === "drop")
      this.#collections.delete(asked.collection);
    if (args.length === 0 && method === "dropIndexes") model.indexed = new Set(["_id"]);
  }
}

function indexedBy({ method, args }: Asked): string[] {
  const first = (key: unknown): string[] => Object.keys(asObject(key)).slice(0, 1);
  if (method === "createIndex" || method === "helpers.ensureIndex") return first(args[0]);
  if (method !== "createIndexes" || !Array.isArray(args[0])) return [];
  return (args[0] as { key?: unknown }[]).flatMap(({ key }) => first(key));
}

/** The validator that something sets; undefined when it sets none. */
export function validatorOf({ method, args }: Asked): object | undefined {
  if (method === "helpers.ensureValidator") return asObject(args[0]);
  const options =
    method === "command.collMod" ? args[0] : method.endsWith("Collection") ? args.at(-1) : undefined;
  const { validator } = asObject(options) as { validator?: unknown };
  return validator === undefined ? undefined : asObject(validator);
}

export function demandsOf(validator: object): Demands {
  const schema = asObject((validator as { $jsonSchema?: unknown }).$jsonSchema) as {
    required?: unknown;
    properties?: unknown;
  };
  const properties = Object.entries(asObject(schema.properties));
  const of = (pick: (property: Record<string, unknown>) => unknown): Record<string, string> =>
    Object.fromEntries(properties.map(([name, one]) => [name, JSON.stringify(pick(asObject(one))) ?? ""]));
  return {
    required: Array.isArray(schema.required) ? schema.required.map(String) : [],
    types: of(({ bsonType, type }) => bsonType ?? type),
    limits: of(({ bsonType: _bsonType, type: _type, description: _description, ...limits }) => limits),
  };
}

export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
