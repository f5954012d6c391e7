/** A type as this folder compares it: a basic one, a list or a map of one, or a named one with its fields. */
export type Type =
  | { kind: "basic"; name: "string" | "int" | "number" | "boolean" | "any" }
  | { kind: "list" | "map"; of: Type }
  | { kind: "named"; name: string };

export interface Operation {
  method: string;
  /** With `{}` for what varies. */
  path: string;
  query: ReadonlySet<string>;
  asks: Type | undefined;
  /** By status; undefined for an answer without a body. */
  gives: ReadonlyMap<number, Type | undefined>;
}

/** What an API takes and gives. */
export interface Description {
  operations: Operation[];
  types: ReadonlyMap<string, ReadonlyMap<string, Type>>;
}

const basic = ["string", "int", "number", "boolean", "any"] as const;

/** "Machine[]", "string{}", "int". */
export function typeOf(text: string): Type {
  if (text.endsWith("[]")) return { kind: "list", of: typeOf(text.slice(0, -2)) };
  if (text.endsWith("{}")) return { kind: "map", of: typeOf(text.slice(0, -2)) };
  const name = basic.find((one) => one === text);
  return name ? { kind: "basic", name } : { kind: "named", name: text };
}

export function textOf(type: Type): string {
  if ("name" in type) return type.name;
  return textOf(type.of) + (type.kind === "list" ? "[]" : "{}");
}

/** The operation of a request. */
export function operationOf(
  { operations }: Description,
  method: string,
  path: string,
): Operation | undefined {
  const given = path.split("/");
  return operations.find((one) => {
    const segments = one.path.split("/");
    return (
      one.method === method &&
      segments.length === given.length &&
      segments.every((segment, index) => segment === "{}" || segment === given[index])
    );
  });
}
