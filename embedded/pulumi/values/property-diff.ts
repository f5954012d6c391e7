import type { Properties, PropertyValue } from "../deployment";
import { isObject, isSecret, sameValue } from "./property-value";

export type ChangeKind = "add" | "delete" | "update";

/** Which paths of two sets of inputs differ and how, as Pulumi writes them. */
export function diffProperties(olds: Properties, news: Properties): Record<string, ChangeKind> {
  const changes: Record<string, ChangeKind> = {};
  compare(olds, news, "", changes);
  return changes;
}

function compare(
  a: PropertyValue | undefined,
  b: PropertyValue | undefined,
  path: string,
  changes: Record<string, ChangeKind>,
): void {
  const [old, now] = [open(a), open(b)];
  if (sameValue(old, now)) return;
  if (old === undefined) changes[path] = "add";
  else if (now === undefined) changes[path] = "delete";
  else if (isObject(old) && isObject(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)]))
      compare(old[key], now[key], step(path, key), changes);
  } else if (Array.isArray(old) && Array.isArray(now)) {
    for (let n = 0; n < Math.max(old.length, now.length); n++)
      compare(old[n], now[n], `${path}[${n}]`, changes);
  } else changes[path] = "update";
}

const open = (value: PropertyValue | undefined) => (isSecret(value) ? value.value : value);

function step(path: string, key: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(key)) return `${path}["${key.replaceAll('"', '\\"')}"]`;
  return path === "" ? key : `${path}.${key}`;
}

/** The top-level keys of a set of changed paths. */
export function topKeys(paths: Iterable<string>): string[] {
  return [
    ...new Set(
      [...paths]
        .map((path) => /^(?:\["((?:[^"\\]|\\.)*)"\]|[^.[]+)/.exec(path))
        .map((match) => match?.[1] ?? match?.[0] ?? ""),
    ),
  ];
}
