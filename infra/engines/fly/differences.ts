import { createHash } from "node:crypto";
import type { MachineConfig } from "../../drivers/fly-api";

/** The same for the same configuration, in whatever order its keys stand. */
export function fingerprintOf(config: MachineConfig): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(config)))
    .digest("hex")
    .slice(0, 16);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one)]),
  );
}

// What is ours alone: more than we want there is a difference as well. Elsewhere Fly adds its own usual values.
const whole = new Set(["env", "services", "checks", "mounts", "files"]);
const notCompared = new Set(["metadata"]);

/** The places in which what is there is not what is wanted: "image", "env.PORT". */
export function differencesOf(wanted: MachineConfig, seen: MachineConfig): string[] {
  const keys = new Set([...Object.keys(wanted), ...[...whole].filter((key) => key in seen)]);
  return [...keys]
    .filter((key) => !notCompared.has(key))
    .flatMap((key) => compare(key, wanted[key], seen[key], key === "env" || key === "checks"));
}

function compare(at: string, wanted: unknown, seen: unknown, exact: boolean): string[] {
  if (isEmpty(wanted) && isEmpty(seen)) return [];
  if (Array.isArray(wanted) && Array.isArray(seen)) {
    if (wanted.length !== seen.length) return [at];
    return wanted.flatMap((one, index) => compare(`${at}[${index}]`, one, seen[index], false));
  }
  if (isObject(wanted) && isObject(seen)) {
    const keys = new Set([...Object.keys(wanted), ...(exact ? Object.keys(seen) : [])]);
    return [...keys].flatMap((key) => compare(`${at}.${key}`, wanted[key], seen[key], false));
  }
  return same(wanted, seen) ? [] : [at];
}

/** Fly writes "stop" as true and "off" as false, and back. */
function same(wanted: unknown, seen: unknown): boolean {
  const plain = (value: unknown) => (value === true ? "stop" : value === false ? "off" : value);
  return plain(wanted) === plain(seen);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
