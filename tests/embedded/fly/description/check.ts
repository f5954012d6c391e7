import type { RequestSeen } from "../../../../embedded/fly";
import { operationOf, textOf, type Description, type Type } from "./model";

/** What differs from a description, each in the words in which the known deviations are kept. */
export function differences(description: Description, seen: RequestSeen): string[] {
  const path = seen.path.replace(/^\/v1/, "");
  const operation = operationOf(description, seen.method, path);
  const name = `${seen.method} ${operation?.path ?? plainPath(path)}`;
  if (!operation) return [`${name}: no such route`];
  // What was refused may have been asked wrongly on purpose.
  if (seen.status >= 400 || seen.status === 0) return [];
  const query = [...new URLSearchParams(seen.query).keys()].map((key) =>
    key.replace(/^metadata\..*/, "metadata.*"),
  );
  const unknown = query
    .filter((key) => !operation.query.has(key))
    .map((key) => `${name}: ?${key} is unknown`);
  const asked =
    operation.asks && seen.body !== undefined ? misfits(description, seen.body, operation.asks, name) : [];
  const unasked = operation.asks || !hasContent(seen.body) ? [] : [`${name}: takes no body`];
  return [...unknown, ...asked, ...unasked, ...answered(description, seen, operation.gives, name)];
}

function answered(
  description: Description,
  { status, answer }: RequestSeen,
  gives: ReadonlyMap<number, Type | undefined>,
  name: string,
): string[] {
  if (!gives.has(status)) return [`${name}: status ${status}`];
  const type = gives.get(status);
  if (type) return misfits(description, answer, type, name);
  return hasContent(answer) ? [`${name}: gives no body`] : [];
}

/** Where a value is not of the type; nothing at all is of every type, as it is for a client in Go. */
function misfits(description: Description, value: unknown, type: Type, at: string): string[] {
  if (value === null || value === undefined) return [];
  const wrong = [`${at}: is ${nameOf(value)}, not ${textOf(type)}`];
  switch (type.kind) {
    case "basic":
      return type.name === "any" ||
        type.name === nameOf(value) ||
        (type.name === "number" && nameOf(value) === "int")
        ? []
        : wrong;
    case "list":
      return Array.isArray(value)
        ? value.flatMap((one: unknown) => misfits(description, one, type.of, at))
        : wrong;
    case "map":
      return isRecord(value)
        ? Object.values(value).flatMap((one) => misfits(description, one, type.of, at))
        : wrong;
    case "named":
      return isRecord(value) ? fieldMisfits(description, value, type.name) : wrong;
  }
}

function fieldMisfits(description: Description, value: Record<string, unknown>, name: string): string[] {
  const fields = description.types.get(name);
  // A type that the table leaves out is one that nothing here looks into.
  if (!fields) return [];
  return Object.entries(value).flatMap(([field, one]) => {
    const type = fields.get(field);
    return type ? misfits(description, one, type, `${name}.${field}`) : [`${name}.${field}: is unknown`];
  });
}

function nameOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "number";
  return typeof value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function hasContent(value: unknown): boolean {
  return value !== undefined && value !== null && !(isRecord(value) && Object.keys(value).length === 0);
}

function plainPath(path: string): string {
  return path.replace(/^(\/apps\/)[^/]+/, "$1{}").replace(/(\/(?:machines|volumes)\/)[^/]+/, "$1{}");
}
