import { readFileSync } from "node:fs";
import { z } from "zod";
import { typeOf, type Description, type Operation, type Type } from "./model";

interface Schema {
  $ref?: string | undefined;
  type?: string | undefined;
  items?: Schema | undefined;
  properties?: Record<string, Schema> | undefined;
  additionalProperties?: boolean | Schema | undefined;
  allOf?: Schema[] | undefined;
}

const schema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.string().optional(),
    items: schema.optional(),
    properties: z.record(z.string(), schema).optional(),
    additionalProperties: z.union([z.boolean(), schema]).optional(),
    allOf: z.array(schema).optional(),
  }),
);

const content = z.record(z.string(), z.looseObject({ schema: schema.optional() })).optional();
const operation = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).optional(),
  requestBody: z.looseObject({ content }).optional(),
  responses: z.record(z.string(), z.looseObject({ content })),
});
const document = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
});

/** The published description, where FLY_OPENAPI names its file. */
export function published(): Description | undefined {
  const file = process.env.FLY_OPENAPI;
  if (!file) return undefined;
  const { paths, components } = document.parse(JSON.parse(readFileSync(file, "utf8")));
  // A name that has no fields stands for what is written in its place.
  const aliases = new Map(
    Object.entries(components.schemas)
      .filter(([, one]) => !one.properties)
      .map(([name, one]) => [plainName(name), typeIn(one)]),
  );
  const read = (one: Schema): Type => resolve(typeIn(one), aliases);
  const types = Object.entries(components.schemas).map(([name, one]) => {
    const fields = Object.entries(one.properties ?? {}).map(([field, type]) => [field, read(type)] as const);
    return [plainName(name), new Map(fields)] as const;
  });
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, one]) => operationIn(path, method, one, read)),
  );
  return { types: new Map(types), operations };
}

function operationIn(
  path: string,
  method: string,
  one: z.infer<typeof operation>,
  read: (schema: Schema) => Type,
): Operation {
  const bodyType = (body: z.infer<typeof content>): Type | undefined => {
    const found = body?.["application/json"]?.schema;
    return found ? read(found) : undefined;
  };
  const gives = Object.entries(one.responses).map(
    ([status, answer]) => [Number(status), bodyType(answer.content)] as const,
  );
  return {
    method: method.toUpperCase(),
    path: path.replace(/\{\w+\}/g, "{}"),
    query: new Set((one.parameters ?? []).filter((each) => each.in === "query").map(({ name }) => name)),
    asks: bodyType(one.requestBody?.content),
    gives: new Map(gives.filter(([status]) => status < 400)),
  };
}

function typeIn(one: Schema): Type {
  if (one.$ref) return typeOf(plainName(one.$ref.split("/").pop() ?? ""));
  const [first] = one.allOf ?? [];
  if (first) return typeIn(first);
  if (one.type === "array") return { kind: "list", of: typeIn(one.items ?? {}) };
  if (one.additionalProperties !== undefined) {
    const of =
      one.additionalProperties === true || one.additionalProperties === false ? {} : one.additionalProperties;
    return { kind: "map", of: typeIn(of) };
  }
  if (one.type === "integer") return typeOf("int");
  return typeOf(one.type === undefined || one.type === "object" ? "any" : one.type);
}

function resolve(type: Type, aliases: ReadonlyMap<string, Type>): Type {
  if (type.kind === "named") return aliases.get(type.name) ?? type;
  return type.kind === "basic" ? type : { kind: type.kind, of: resolve(type.of, aliases) };
}

function plainName(name: string): string {
  return name.split(".").pop() ?? name;
}
