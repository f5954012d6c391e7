import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { writeAtomically } from "../../infra/drivers/files";
import { OperatorError, projectRoot } from "../../infra/support";
import { configFiles, configGroups } from "../../stacks/config-files";
import { encrypted, isSecretPath } from "../../stacks/secret-paths";
import type { CommonOptions } from "../command";
import { localPlaces, localStackName } from "../local-stack";
import { committedSettings, judgeSettings, readStackFile } from "../stack-settings";
import { printResult, type Terminal } from "../terminal";

export interface ConfigOptions extends CommonOptions {
  action: "export";
  to?: string;
  force: boolean;
}

const prefix = "dnd-tracker:";
const stacks = { development: localStackName, staging: "staging", production: "production" };

/** Writes the settings of every environment as the files that the guides name; secrets stay where they are. */
export async function exportConfig({ to, force }: ConfigOptions, terminal: Terminal): Promise<number> {
  const root = to === undefined ? projectRoot : resolve(to);
  const written = new Map<string, Record<string, unknown>>();
  for (const [environment, stack] of Object.entries(stacks)) {
    const file = stack === localStackName ? localFile() : committedSettings(stack);
    if (!existsSync(file)) continue;
    const values = await valuesOf(file);
    const files = configFiles(environment, root);
    written.set(files.migration, groupsOf(values, configGroups.migration));
    // One file for all of them: production's word is the last.
    written.set(files.monitoring, {
      ...written.get(files.monitoring),
      ...groupsOf(values, configGroups.monitoring),
    });
  }
  const there = [...written.keys()].filter((file) => existsSync(file));
  if (there.length > 0 && !force) throw standsThere(there);
  for (const [file, groups] of written)
    await writeAtomically(file, `${JSON.stringify(groups, null, 2)}\n`, { mode: 0o644 });
  printResult(terminal, { files: [...written.keys()] }, () => [...written.keys()].join("\n"));
  return 0;
}

function localFile(): string {
  const { settings, committed } = localPlaces();
  return existsSync(settings) ? settings : committed;
}

async function valuesOf(file: string): Promise<Record<string, unknown>> {
  const config = await readStackFile(file);
  judgeSettings(config);
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );
}

function groupsOf(values: Record<string, unknown>, groups: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(groups.map((group) => [group, withoutSecrets(values[group] ?? {}, [group])]));
}

function withoutSecrets(value: unknown, path: string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutSecrets(one, [...path, "*"]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => {
      const own = [...path, name];
      const isSecret = inner === encrypted || isSecretPath(own);
      return isSecret ? [] : [[name, withoutSecrets(inner, own)]];
    }),
  );
}

function standsThere(files: readonly string[]): OperatorError {
  return new OperatorError({
    code: "config-files-there",
    kind: "refused",
    message: `${files.join(", ")} would be overwritten`,
    remedy: "Add --force to write them anew, or --to another folder.",
  });
}
