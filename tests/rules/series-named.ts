import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../infra/support";

export const rulesFolder = join(projectRoot, "rules");

/** Every expression in a document, whatever it lies in. */
export function expressionsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(expressionsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === "expr" && typeof inner === "string" ? [inner] : expressionsIn(inner),
  );
}

/** A file of `rules/`, as YAML or JSON. */
export function ruleFile(name: string): unknown {
  return parse(readFileSync(join(rulesFolder, name), "utf8"));
}

/** The series that an expression names; a histogram by its own name. */
export function seriesNamed(expression: string): string[] {
  return [...expression.matchAll(/(?<![\w:])dnd_[a-z0-9_]+/g)].map(([name]) =>
    name.replace(/_(bucket|sum|count)$/, ""),
  );
}
