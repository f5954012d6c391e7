import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { OperatorError, messageOf } from "../../../infra/support";
import type { PropertyValue } from "../deployment";
import { fits, typeName } from "./config-type";
import { usageError } from "./errors";
import { goJson } from "./go-json";
import type { Cipher } from "./passphrase";
import { yamlOf, type ConfigDeclaration, type Project } from "./project";

/** One setting as the file holds it: secrets still encrypted, objects as JSON text. */
export interface ConfigValue {
  value: string;
  secret: boolean;
  object: boolean;
}

/** A stack's settings file, and the project's defaults for what it does not say. */
export interface StackConfig {
  file: string;
  values: Record<string, ConfigValue>;
  /** Settings that the project asks for and neither file nor default gives. */
  missing: string[];
  encryptionSalt?: string;
}

/** Settings as the program gets them: plain text, with the names of the secret ones. */
export interface DecryptedConfig {
  values: Record<string, string>;
  secretKeys: string[];
  /** The secrets in them, to be kept out of whatever is shown. */
  secretTexts: string[];
}

const stackFile = z.looseObject({
  secretsprovider: z.string().exactOptional(),
  encryptedkey: z.string().exactOptional(),
  encryptionsalt: z.string().exactOptional(),
  environment: z.unknown().exactOptional(),
  config: z
    .record(z.string(), z.json().nullable())
    .nullish()
    .transform((config) => config ?? {}),
});

/** Where the settings of a stack lie unless a command names another file. */
export function stackConfigFile(project: Project, stack: string, given?: string): string {
  return given ? resolve(given) : join(project.root, project.stackConfigDir, `Pulumi.${stack}.yaml`);
}

/** Reads Pulumi.<stack>.yaml; one that does not exist is one without settings. */
export function readStackConfig(project: Project, stack: string, configFile?: string): StackConfig {
  const file = stackConfigFile(project, stack, configFile);
  const parsed = stackFile.safeParse(yamlOf(textOf(file), file) ?? {});
  if (!parsed.success) throw badSettings(file, z.prettifyError(parsed.error));
  const { config, encryptionsalt, secretsprovider, environment } = parsed.data;
  if (secretsprovider && !["passphrase", "default"].includes(secretsprovider)) {
    throw needsCli(`${file} keeps its secrets with ${secretsprovider.split(":")[0] ?? secretsprovider}`);
  }
  if (environment) throw needsCli(`${file} takes settings from Pulumi ESC environments`);
  const values: Record<string, ConfigValue> = {};
  for (const [key, value] of Object.entries(config)) {
    values[normalKey(project.name, key, file)] = configValue(value as PropertyValue);
  }
  const missing: string[] = [];
  for (const declaration of project.config) {
    if (values[declaration.key]) continue;
    if (declaration.fallback !== undefined) values[declaration.key] = configValue(declaration.fallback);
    else if (declaration.key.startsWith(`${project.name}:`)) missing.push(declaration.key);
  }
  return { file, values, missing, ...(encryptionsalt ? { encryptionSalt: encryptionsalt } : {}) };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw badSettings(file, messageOf(error));
  }
}

function normalKey(project: string, key: string, file: string): string {
  const parts = key.split(":");
  if (parts.length === 1) return `${project}:${key}`;
  if (parts.length === 2) return key;
  if (parts.length === 3 && parts[1] === "config") return `${parts[0]}:${parts[2]}`;
  throw badSettings(file, `${key} is not a key of the form namespace:name`);
}

function configValue(value: PropertyValue): ConfigValue {
  if (value === null) return { value: "null", secret: false, object: true };
  if (typeof value !== "object") return { value: String(value), secret: false, object: false };
  const ciphertext = ciphertextOf(value);
  if (ciphertext !== undefined) return { value: ciphertext, secret: true, object: false };
  return { value: goJson(value), secret: holdsSecret(value), object: true };
}

function ciphertextOf(value: PropertyValue): string | undefined {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
  return Object.keys(value).length === 1 && typeof value.secure === "string" ? value.secure : undefined;
}

function holdsSecret(value: PropertyValue): boolean {
  if (value === null || typeof value !== "object") return false;
  return ciphertextOf(value) !== undefined || Object.values(value).some(holdsSecret);
}

/** Decrypts the settings and checks them against the project's schema: everything wrong is told at once. */
export function decryptConfig(config: StackConfig, project: Project, cipher?: Cipher): DecryptedConfig {
  const values: Record<string, string> = {};
  const secretTexts: string[] = [];
  const decrypt = (ciphertext: string) => {
    if (!cipher) throw new Error("a secret setting without a key");
    const text = cipher.decrypt(ciphertext);
    secretTexts.push(text, ...text.split("\n"));
    return text;
  };
  const problems = config.missing.map((key) => `${key} is missing`);
  for (const [key, given] of Object.entries(config.values)) {
    try {
      values[key] = plainText(given, decrypt);
    } catch {
      problems.push(`${key} cannot be decrypted: it was encrypted with another passphrase or salt`);
    }
  }
  for (const declaration of project.config) {
    const given = config.values[declaration.key];
    const value = values[declaration.key];
    if (given && value !== undefined) problems.push(...misfits(declaration, given, value));
  }
  if (problems.length > 0) throw badSettings(config.file, problems.join("\n  "));
  const secretKeys = Object.keys(values).filter((key) => config.values[key]?.secret);
  return { values, secretKeys, secretTexts };
}

function plainText(given: ConfigValue, decrypt: (ciphertext: string) => string): string {
  if (!given.secret) return given.value;
  if (!given.object) return decrypt(given.value);
  const opened = (value: PropertyValue): PropertyValue => {
    const ciphertext = ciphertextOf(value);
    if (ciphertext !== undefined) return decrypt(ciphertext);
    if (Array.isArray(value)) return value.map(opened);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, opened(item)]));
  };
  return goJson(opened(JSON.parse(given.value) as PropertyValue));
}

function misfits(declaration: ConfigDeclaration, given: ConfigValue, value: string): string[] {
  if (declaration.secret && declaration.type && !given.secret)
    return [`${declaration.key} must be encrypted, for it is declared secret`];
  if (!declaration.type) return [];
  const content = given.object ? (JSON.parse(value) as PropertyValue) : value;
  return fits(declaration.type, content)
    ? []
    : [`${declaration.key} must be of type ${typeName(declaration.type)}`];
}

function badSettings(file: string, found: string): OperatorError {
  return usageError(
    "settings-invalid",
    `the settings in ${file} cannot be used:\n  ${found}`,
    "Mend the file, or set the value with `pulumi config set`.",
  );
}

function needsCli(found: string): OperatorError {
  return usageError(
    "settings-need-cli",
    `${found}, which the embedded engine does not do`,
    "Use the Pulumi CLI for this stack (`--engine pulumi`).",
  );
}
