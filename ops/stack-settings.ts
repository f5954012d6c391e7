import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { messageOf, OperatorError, projectRoot } from "../infra/support";
import { readSettings, SettingsError, type Settings } from "../stacks/settings";
import { encrypted } from "../stacks/secret-paths";
import type { StackPlace } from "./engine";
import { localPlaces, localStackName } from "./local-stack";
import { plainSecrets } from "./plain-secrets";

const stackFile = z.looseObject({ config: z.record(z.string(), z.unknown()).nullish() });

/** Where the settings of a stack other than the local one stand. */
export function committedSettings(stack: string): string {
  return join(projectRoot, `Pulumi.${stack}.yaml`);
}

/** The settings of a stack's file, by key, with a placeholder for what is encrypted. */
export async function readStackFile(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw unreadable(file, error);
  });
  const config = configIn(text, file) ?? {};
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, withoutSecrets(value)]));
}

function configIn(text: string, file: string) {
  try {
    return stackFile.parse(parse(text) ?? {}).config;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): OperatorError {
  const missing = (cause as NodeJS.ErrnoException).code === "ENOENT";
  const why = cause instanceof z.ZodError ? "`config` is no list of keys" : firstLine(messageOf(cause));
  return new OperatorError({
    code: missing ? "settings-missing" : "settings-unreadable",
    kind: "usage",
    message: missing ? `there is no ${file}` : `${file} cannot be read as settings: ${why}`,
    remedy: missing
      ? "Name the stack that you mean with --stack, or make the file: `Pulumi.staging.yaml` is a pattern."
      : "Mend that file, or name another with --config-file. Nothing was touched.",
    cause,
  });
}

const firstLine = (text: string) => text.split("\n")[0] ?? text;

/** Settings by the schema; throws a SettingsError that names every wrong one, and every secret in plain text. */
export function judgeSettings(config: Record<string, unknown>, stack?: string): Settings {
  const plain = plainSecrets(config);
  try {
    const settings = readSettings(asTexts(config), process.env, stack);
    if (plain.length === 0) return settings;
  } catch (error) {
    if (error instanceof SettingsError) plain.push(...error.problems);
    else throw error;
  }
  throw new SettingsError(plain);
}

function asTexts(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

/** The settings of a stack: the local one's own, else what is committed. */
export async function settingsOf(stack: string): Promise<Settings> {
  const { settings, committed } = localPlaces();
  if (stack !== localStackName) return judgeSettings(await readStackFile(committedSettings(stack)), stack);
  return judgeSettings(await readStackFile(existsSync(settings) ? settings : committed));
}

/** The settings that a command names: those of a file that it gives, else its stack's. */
export async function settingsNamed({
  stack,
  configFile,
}: {
  stack: string;
  configFile?: string | undefined;
}): Promise<Settings> {
  return configFile === undefined
    ? settingsOf(stack)
    : judgeSettings(await readStackFile(resolve(configFile)), stack);
}

/** The settings of this project's own stack, judged before an engine is started; other programs have none of ours. */
export async function settingsAt(place: StackPlace): Promise<Settings | undefined> {
  if (place.projectDir !== projectRoot) return undefined;
  return judgeSettings(await readStackFile(place.configFile ?? committedSettings(place.stack)), place.stack);
}

/** Refuses wrong settings before an engine is started. */
export async function refuseWrongSettings(place: StackPlace): Promise<void> {
  await settingsAt(place);
}

/** Ciphertext proves that a secret is set, and that is all that is judged of it. */
function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return encrypted;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
