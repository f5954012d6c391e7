import { readFile } from "node:fs/promises";
import { OperatorError, Secret } from "../../../support";
import type { DecryptionKeys } from "./wanted";

/** What opens archives, as an environment names it: a key or a passphrase, or the files that hold them. */
export async function readKeys(env: NodeJS.ProcessEnv): Promise<DecryptionKeys> {
  const identity = await secretOf(env, "DND_BACKUP_IDENTITY");
  const passphrase = await secretOf(env, "DND_BACKUP_PASSPHRASE");
  return { identities: identity ? [identity] : [], ...(passphrase ? { passphrase } : {}) };
}

async function secretOf(env: NodeJS.ProcessEnv, name: string): Promise<Secret | undefined> {
  const own = env[name];
  if (own) return new Secret(own);
  const file = env[`${name}_FILE`];
  if (!file) return undefined;
  try {
    return new Secret((await readFile(file, "utf8")).trim());
  } catch (cause) {
    throw new OperatorError({
      code: "backup-key-file",
      kind: "usage",
      message: `the file ${file}, which ${name}_FILE names, cannot be read`,
      remedy: `Let ${name}_FILE name the file with the key, or leave it unset.`,
      cause,
    });
  }
}
