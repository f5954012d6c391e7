import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { projectRoot } from "../infra/support";
import type { StackPlace } from "./engine";
import { ensureLocalStack, localPlaces, localStackName } from "./local-stack";

/** How a command says which stack it means. */
export interface PlaceOptions {
  stack: string;
  cwd?: string;
  configFile?: string;
}

/**
 * Where the stack of a command is. The local one is made when it is missing; the others have their backend from
 * `pulumi login` or PULUMI_BACKEND_URL; another program (`--cwd`) gets the local state folder where none is named.
 */
export async function resolvePlace({ stack, cwd, configFile }: PlaceOptions): Promise<StackPlace> {
  const place = await placeOf(stack, cwd);
  return configFile === undefined ? place : { ...place, configFile: resolve(configFile) };
}

async function placeOf(stack: string, cwd: string | undefined): Promise<StackPlace> {
  if (cwd !== undefined) return foreignPlace(stack, resolve(cwd));
  return stack === localStackName ? ensureLocalStack() : sharedPlace(stack);
}

async function sharedPlace(stack: string): Promise<StackPlace> {
  return {
    stack,
    projectDir: projectRoot,
    backendUrl: process.env.PULUMI_BACKEND_URL ?? (await loggedInBackend()),
    passphraseFile: process.env.PULUMI_CONFIG_PASSPHRASE_FILE,
    configFile: undefined,
  };
}

async function foreignPlace(stack: string, projectDir: string): Promise<StackPlace> {
  const ownPassphrase = process.env.PULUMI_CONFIG_PASSPHRASE_FILE;
  const given = process.env.PULUMI_CONFIG_PASSPHRASE !== undefined || ownPassphrase !== undefined;
  if (!process.env.PULUMI_BACKEND_URL || !given) await ensureLocalStack();
  return {
    stack,
    projectDir,
    backendUrl: process.env.PULUMI_BACKEND_URL ?? localPlaces().backendUrl,
    passphraseFile: given ? ownPassphrase : localPlaces().passphrase,
    configFile: undefined,
  };
}

/** What `pulumi login` wrote down; undefined where nobody logged in. */
async function loggedInBackend(): Promise<string | undefined> {
  const home = process.env.PULUMI_HOME ?? join(homedir(), ".pulumi");
  try {
    const { current } = JSON.parse(await readFile(join(home, "credentials.json"), "utf8")) as {
      current?: unknown;
    };
    return typeof current === "string" && current !== "" ? current : undefined;
  } catch {
    return undefined;
  }
}
