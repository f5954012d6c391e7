import type { Properties, PropertyValue } from "../deployment";
import { isObject } from "./property-value";

type Step = string | number;

/** "tags.owner", `list[0]["a b"]` or "rules[*].port" as its steps. */
export function parsePath(text: string): Step[] {
  const steps: Step[] = [];
  const token = /\.?([^.[\]]+)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|\[(\*)\]/gy;
  for (const [, name, index, quoted, star] of text.matchAll(token)) {
    if (index !== undefined) steps.push(Number(index));
    else steps.push(name ?? quoted?.replace(/\\(.)/g, "$1") ?? star ?? "");
  }
  return steps;
}

/** Puts the old value back where a path of `ignoreChanges` leads; a value that was not there goes away again. */
export function resetPath(olds: Properties, news: Properties, path: readonly Step[]): Properties {
  return reset(olds, news, path) as Properties;
}

function reset(
  old: PropertyValue | undefined,
  now: PropertyValue | undefined,
  path: readonly Step[],
): PropertyValue | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return old;
  if (Array.isArray(now)) return resetItems(old, now, step, rest);
  if (!isObject(now)) return now;
  const before = isObject(old) ? old : {};
  const keys = new Set(step === "*" ? Object.keys({ ...before, ...now }) : [String(step)]);
  const values = new Map<string, PropertyValue | undefined>(Object.entries(now));
  for (const key of keys) values.set(key, reset(before[key], now[key], rest));
  return Object.fromEntries([...values].filter(([, value]) => value !== undefined)) as Properties;
}

function resetItems(
  old: PropertyValue | undefined,
  now: PropertyValue[],
  step: Step,
  rest: readonly Step[],
): PropertyValue[] {
  const before = Array.isArray(old) ? old : [];
  return now.map((item, n) => {
    if (step !== "*" && step !== n) return item;
    return n < before.length ? (reset(before[n], item, rest) ?? null) : item;
  });
}

/** Whether a changed path, such as "tags.owner", lies under what a pattern names. */
export function coversPath(pattern: readonly Step[], path: readonly Step[]): boolean {
  return pattern.every((step, n) => n >= path.length || step === "*" || String(step) === String(path[n]));
}
