import type { PropertyValue } from "../deployment";

/** A type of the project's config schema. */
export interface ConfigType {
  type: string;
  items?: ConfigType;
}

/** Whether a value is of the type, as Pulumi sees it: numbers and booleans may come as their text. */
export function fits({ type, items }: ConfigType, value: PropertyValue): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return typeof value === "string" ? /^[+-]?\d+$/.test(value) : Number.isInteger(value);
    case "boolean":
      return typeof value === "boolean" || value === "true" || value === "false";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return Array.isArray(value) && items !== undefined && value.every((item) => fits(items, item));
  }
}

/** The type as the messages name it: `array<string>`. */
export function typeName({ type, items }: ConfigType): string {
  return type === "array" && items ? `array<${typeName(items)}>` : type;
}
