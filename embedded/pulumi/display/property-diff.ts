import { isDeepStrictEqual } from "node:util";
import { secretSignature, signatureKey, type Properties, type PropertyValue } from "../deployment";
import type { Blind } from "./blind";
import type { Colour, Paint } from "./palette";

/** How a value changed: what stands in front of its line. */
type Mark = "+ " | "- " | "~ " | "+-" | "  ";
const colours: Record<Mark, Colour | undefined> = {
  "+ ": "green",
  "- ": "red",
  "~ ": "yellow",
  "+-": "magenta",
  "  ": undefined,
};

export interface DiffOptions {
  paint: Paint;
  /** Takes the secrets out of what is shown; compared are the values themselves. */
  blind: Blind;
  /** Columns before the mark. */
  indent: number;
  /** Whether what did not change is shown too. */
  showSame: boolean;
  /** Top-level keys that force a replacement. */
  replaces?: string[];
}

const isObject = (value: PropertyValue | undefined): value is Properties =>
  value !== null &&
  typeof value === "object" &&
  !Array.isArray(value) &&
  value[signatureKey] !== secretSignature;

/** The keys that differ between two sets of properties, each with how. */
export function changedKeys(old: Properties, now: Properties): Map<string, Mark> {
  const changed = new Map<string, Mark>();
  for (const key of keysOf(old, now)) {
    if (key === "__provider") continue;
    const mark = markOf(old[key], now[key]);
    if (mark !== "  ") changed.set(key, mark);
  }
  return changed;
}

/** "[diff: +added-gone~changed]", as a row of the tree tells it. */
export function diffSummary(changed: Map<string, Mark>): string {
  const parts = (["+ ", "- ", "~ "] as const).map((mark) => {
    const keys = [...changed].filter(([, how]) => how === mark).map(([key]) => key);
    return keys.length > 0 ? mark.trim() + keys.join(",") : "";
  });
  return parts.join("") === "" ? "" : `[diff: ${parts.join("")}]`;
}

/** The lines of a difference between two sets of properties. */
export function diffLines(old: Properties, now: Properties, options: DiffOptions): string[] {
  const keys = keysOf(old, now).filter((key) => key !== "__provider");
  return entries(
    keys.map((key) => ({ key, old: old[key], now: now[key] })),
    options,
  );
}

interface Entry {
  key: string;
  old: PropertyValue | undefined;
  now: PropertyValue | undefined;
}

function entries(list: Entry[], options: DiffOptions): string[] {
  const width = Math.max(0, ...list.map(({ key }) => key.length));
  return list.flatMap(({ key, old, now }) => {
    const mark = options.replaces?.includes(key) && markOf(old, now) !== "  " ? "+-" : markOf(old, now);
    if (mark === "  " && !options.showSame) return [];
    return valueLines(`${key.padEnd(width)}: `, mark, old, now, options);
  });
}

function valueLines(
  label: string,
  mark: Mark,
  old: PropertyValue | undefined,
  now: PropertyValue | undefined,
  options: DiffOptions,
): string[] {
  const line = (text: string, own: Mark = mark) => {
    const whole = " ".repeat(options.indent) + own + text;
    const colour = colours[own];
    return colour ? options.paint(whole, colour) : whole;
  };
  const inner = { ...options, indent: options.indent + 4, replaces: [] };
  const value = now ?? old ?? null;
  const bothNested = (test: (one: PropertyValue | undefined) => boolean) =>
    (old === undefined || test(old)) && (now === undefined || test(now));
  if (bothNested(isObject) && Object.keys(value ?? {}).length > 0) {
    const [before, after] = [isObject(old) ? old : {}, isObject(now) ? now : {}];
    const keys = keysOf(before, after).map((key) => ({ key, old: before[key], now: after[key] }));
    return [line(`${label}{`), ...entries(keys, inner), line("}", "  ")];
  }
  if (bothNested(Array.isArray) && Array.isArray(value) && value.length > 0) {
    const [before, after] = [Array.isArray(old) ? old : [], Array.isArray(now) ? now : []];
    const items = Array.from({ length: Math.max(before.length, after.length) }, (_, index) => ({
      key: `[${index}]`,
      old: before[index],
      now: after[index],
    }));
    return [line(`${label}[`), ...entries(items, inner), line("]", "  ")];
  }
  if (old !== undefined && now !== undefined && mark !== "  ")
    return [line(`${label}${shown(old, options.blind)} => ${shown(now, options.blind)}`)];
  return [line(label + shown(value, options.blind))];
}

function shown(value: PropertyValue, blind: Blind): string {
  const seen = blind.value(value);
  return seen === "[secret]" || seen === "[unknown]" ? seen : JSON.stringify(seen);
}

function markOf(old: PropertyValue | undefined, now: PropertyValue | undefined): Mark {
  if (old === undefined) return now === undefined ? "  " : "+ ";
  if (now === undefined) return "- ";
  return isDeepStrictEqual(old, now) ? "  " : "~ ";
}

function keysOf(one: Properties, other: Properties): string[] {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
}
