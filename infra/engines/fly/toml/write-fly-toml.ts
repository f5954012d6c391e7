import type { FlyToml } from "./schema";

type Entry = [key: string, value: unknown];

/** The text of a fly.toml, as Fly's own tool reads it: plain values first, then a section for each table. */
export function writeFlyToml(toml: FlyToml): string {
  return `${sectionOf([], toml).join("\n").trim()}\n`;
}

function sectionOf(path: readonly string[], table: object): string[] {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined) as Entry[];
  const plain = entries.filter(([, value]) => !isTable(value) && !isTables(value));
  const lines = plain.map(([key, value]) => `${keyOf(key)} = ${valueOf(value)}`);
  for (const [key, value] of entries) {
    const at = [...path, keyOf(key)];
    const name = at.join(".");
    if (isTables(value)) for (const one of value) lines.push("", `[[${name}]]`, ...sectionOf(at, one));
    else if (isTable(value)) lines.push("", `[${name}]`, ...sectionOf(at, value));
  }
  return lines;
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTables(value: unknown): value is object[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}

function keyOf(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

/** Texts, numbers, truths and lists of these are written in TOML as they are in JSON. */
function valueOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(valueOf).join(", ")}]` : JSON.stringify(value);
}
