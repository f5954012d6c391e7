import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { createStack } from "../../embedded/pulumi";
import { PassphraseSecrets } from "../../embedded/pulumi/state/passphrase";
import { Secret } from "../../infra/support";

/** The words of Pulumi's CLI by which a stack and its settings are made; it runs nothing, and answers as no engine. */
async function played([word, action, ...rest]: string[]): Promise<number> {
  if (word === "login") return 0;
  if (word === "stack" && action === "init") return init(rest[0] ?? "");
  if (word === "config" && action === "set") return set(rest);
  return 1;
}

const folder = process.cwd();
const selected = join(folder, ".selected-stack");
const passphrase = new Secret(process.env.PULUMI_CONFIG_PASSPHRASE ?? "");
const fileOf = (stack: string) => join(folder, `Pulumi.${stack}.yaml`);

async function init(stack: string): Promise<number> {
  const backendUrl = process.env.PULUMI_BACKEND_URL ?? "";
  await createStack({ projectDir: folder, stack, backendUrl, passphrase, configFile: fileOf(stack) });
  writeFileSync(selected, stack);
  return 0;
}

async function set(words: string[]): Promise<number> {
  const [key = "", text = ""] = words.filter((word) => !word.startsWith("--"));
  const stack = readFileSync(selected, "utf8");
  const settings = parseDocument(readFileSync(fileOf(stack), "utf8"));
  const path = words.includes("--path") ? key.split(".") : [key];
  const salt = String(settings.get("encryptionsalt"));
  const value = words.includes("--secret")
    ? { secure: await new PassphraseSecrets(salt, passphrase, stack).encrypt(text) }
    : typed(text);
  settings.setIn(["config", ...path], settings.createNode(value));
  writeFileSync(fileOf(stack), settings.toString({ lineWidth: 0 }));
  return 0;
}

/** As the CLI reads what stands at a path: numbers and truth are what they look like. */
function typed(text: string): unknown {
  return /^(true|false|\d+)$/.test(text) ? JSON.parse(text) : text;
}

void played(process.argv.slice(2)).then((code) => (process.exitCode = code));
