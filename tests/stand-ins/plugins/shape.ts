/** What a property may be, as a package's own types say it. */
export type Shape =
  | { kind: "anything" }
  | { kind: "string" | "number" | "boolean" }
  | { kind: "one-of"; values: string[] }
  | { kind: "list" | "map"; of: Shape }
  | { kind: "either"; of: Shape[] }
  | { kind: "object"; name: string; properties: () => Map<string, Property> };

export interface Property {
  required: boolean;
  shape: Shape;
}

export interface Misfit {
  property: string;
  reason: string;
}

/** What a program's SDK sends for a value that a preview cannot know. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Why a value is not what the types ask for; nothing where it is. */
export function misfitsOf(value: unknown, shape: Shape, at: string): Misfit[] {
  if (value === unknownValue) return [];
  switch (shape.kind) {
    case "anything":
      return [];
    case "one-of":
      return shape.values.includes(String(value))
        ? []
        : wrong(at, `${JSON.stringify(value)} is none of ${shape.values.join(", ")}`);
    case "list":
      return Array.isArray(value)
        ? value.flatMap((one, index) => misfitsOf(one, shape.of, `${at}[${index}]`))
        : wrong(at, "is no list");
    case "map":
      return isRecord(value)
        ? Object.entries(value).flatMap(([key, one]) => misfitsOf(one, shape.of, `${at}.${key}`))
        : wrong(at, "is no map");
    case "either": {
      const all = shape.of.map((one) => misfitsOf(value, one, at));
      return all.find((misfits) => misfits.length === 0) ?? all[0] ?? [];
    }
    case "object":
      return isRecord(value) ? objectMisfits(value, shape.properties(), at) : wrong(at, "is no object");
    default:
      return typeof value === shape.kind ? [] : wrong(at, `is a ${typeof value}, not a ${shape.kind}`);
  }
}

function objectMisfits(
  value: Record<string, unknown>,
  properties: ReadonlyMap<string, Property>,
  at: string,
): Misfit[] {
  const below = (name: string) => (at === "" ? name : `${at}.${name}`);
  const missing = [...properties].flatMap(([name, { required }]) =>
    required && value[name] === undefined ? wrong(below(name), "is required and missing") : [],
  );
  const given = Object.entries(value).flatMap(([name, one]) => {
    const property = properties.get(name);
    if (!property) return wrong(below(name), "is no property of it");
    return one === undefined || one === null ? [] : misfitsOf(one, property.shape, below(name));
  });
  return [...missing, ...given];
}

function wrong(property: string, reason: string): Misfit[] {
  return [{ property, reason }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
