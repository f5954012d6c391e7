import { readFile } from "node:fs/promises";
import type { DecryptionKeys, EncryptionWanted } from "../../infra/engines/backup";
import { OperatorError, Secret } from "../../infra/support";
import { archiveReaders, type Settings } from "../../stacks/settings";

/** What opens archives, from the environment of this process: a key or a passphrase, or the files that hold them. */
export async function keysFromEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<DecryptionKeys> {
  const identity = await secretOf(env, "DND_BACKUP_IDENTITY");
  const passphrase = await secretOf(env, "DND_BACKUP_PASSPHRASE");
  return { identities: identity ? [identity] : [], ...(passphrase ? { passphrase } : {}) };
}

/** For whom a new archive is encrypted: those who were named, else the environment's, else the stack's; undefined for nobody. */
export function encryptionOf(
  { recipient }: { recipient?: string[] },
  settings: Settings | undefined,
): EncryptionWanted | undefined {
  const named = recipient ?? process.env.DND_BACKUP_RECIPIENTS?.split(/[\s,]+/).filter(Boolean);
  // The offline key is the last way in: nobody leaves it out by naming others.
  const recovery = settings?.backup.recoveryRecipient;
  const recipients = named
    ? [...named, ...(recovery === undefined ? [] : [recovery])]
    : settings
      ? archiveReaders(settings)
      : [];
  return recipients.length > 0 ? { recipients } : undefined;
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
      message: `the file that ${name}_FILE names cannot be read`,
      remedy: `Let ${name}_FILE name the file with the key, or leave it unset.`,
      cause,
    });
  }
}
