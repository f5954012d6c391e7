import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OperatorError, messageOf, projectRoot } from "../infra/support";

/** The groups of settings that each of the guides' files may hold. */
export const configGroups = {
  migration: ["migrations", "backup", "release"],
  monitoring: ["monitoring"],
} as const;

/** Where the guides' files lie: one for each environment, and one for all of them. */
export function configFiles(
  environment: string,
  root = projectRoot,
): { migration: string; monitoring: string } {
  return {
    migration: join(root, "config", `migration.${environment}.json`),
    monitoring: join(root, "config", "monitoring.json"),
  };
}

/** What the guides' files say, for what the stack's own file does not say; nothing where there are none. */
export function settingsBelow(environment: unknown, root = projectRoot): Record<string, unknown> {
  if (typeof environment !== "string" || !/^[a-z]+$/.test(environment)) return {};
  const files = configFiles(environment, root);
  return {
    ...groupsIn(files.migration, configGroups.migration),
    ...groupsIn(files.monitoring, configGroups.monitoring),
  };
}

function groupsIn(file: string, groups: readonly string[]): Record<string, unknown> {
  if (!existsSync(file)) return {};
  const found = parsed(file);
  const strange = Object.keys(found).filter((key) => !groups.includes(key));
  if (strange.length > 0)
    throw unreadable(file, `it has ${strange.join(", ")}, and may have ${groups.join(", ")}`);
  return found;
}

function parsed(file: string): Record<string, unknown> {
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as unknown;
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    throw unreadable(file, messageOf(error));
  }
  throw unreadable(file, "it is no group of settings");
}

function unreadable(file: string, why: string): OperatorError {
  return new OperatorError({
    code: "config-file-unreadable",
    kind: "usage",
    message: `${file} cannot be read as settings: ${why}`,
    remedy: "Mend it, remove it, or write it anew with `dnd config export --force`.",
  });
}

/** One settings above others: groups are merged, everything else is replaced. */
export function laidOver(
  below: Record<string, unknown>,
  above: Record<string, unknown>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isGroup(under) && isGroup(value) ? laidOver(under, value) : value;
  }
  return merged;
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
