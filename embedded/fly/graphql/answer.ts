import type { Field } from "./parse";

/** What a field is found in: values, and functions of the arguments for what has to be asked. */
export type Source = Record<string, unknown>;

/** The wanted fields of a source; what it does not have is null. */
export function answerFields(source: Source, fields: Field[]): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, alias, args, fields: inner }) => {
      const found = source[name];
      const value = typeof found === "function" ? (found as (args: Field["args"]) => unknown)(args) : found;
      return [alias, answerValue(value, inner)];
    }),
  );
}

function answerValue(value: unknown, fields: Field[]): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map((one: unknown) => answerValue(one, fields));
  return typeof value === "object" && fields.length > 0 ? answerFields(value as Source, fields) : value;
}
