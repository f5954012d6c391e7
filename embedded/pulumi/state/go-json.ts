import type { PropertyValue } from "../deployment";

const escapes: Record<string, string> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * A value as Pulumi's own JSON text: keys sorted, HTML characters escaped. Settings and secrets are compared as
 * text, so another spelling of the same value would show up as a change.
 */
export function goJson(value: PropertyValue): string {
  return JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/g, (found) => escapes[found] ?? found);
}

function sorted(value: PropertyValue): PropertyValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
