import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, projectRoot } from "../../infra/support";
import { SettingsError, readSettings, type Settings } from "../../stacks/settings";
import { missing, ok, type Finding } from "./finding";
import { settingTraps, type RawSettings } from "./setting-traps";

const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

export interface ExaminedSettings {
  findings: Finding[];
  /** Undefined where they are wrong. */
  settings: Settings | undefined;
}

/** Reads a stack's settings without decrypting anything, names every wrong one, and the traps among the right ones. */
export async function examineSettings(stack: string, file: string): Promise<ExaminedSettings> {
  let config: Record<string, unknown>;
  try {
    config = stackFile.parse(parse(await readFile(file, "utf8")) ?? {}).config ?? {};
  } catch (error) {
    const finding = missing("settings", messageOf(error).split("\n")[0] ?? file, `Mend or make ${file}.`);
    return { findings: [finding], settings: undefined };
  }
  const plain = Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, withoutSecrets(value)]),
  );
  const traps = settingTraps(groupsOf(plain));
  try {
    const settings = readSettings(asText(plain));
    return { findings: [ok("settings", `${stack}: ${settings.environment}, all valid`), ...traps], settings };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const wrong = error.problems.map(({ key, value, allowed }) =>
      missing(key, value, `Allowed: ${allowed}. Mend it in ${file}.`),
    );
    return { findings: [...wrong, ...traps], settings: undefined };
  }
}

/** Where the settings of a stack other than the local one stand. */
export function committedSettings(stack: string): string {
  return join(projectRoot, `Pulumi.${stack}.yaml`);
}

/** Ciphertext proves that a secret is set, and that is all that is judged of it. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

function groupsOf(config: Record<string, unknown>): RawSettings {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key.split(":")[1] ?? key, value]));
}

function asText(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
