import type { DecryptionKeys, EncryptionWanted } from "../../infra/engines/backup";
import { archiveReaders, type Settings } from "../../stacks/settings";
import { engine } from "./engine";

/** What opens archives, from the environment of this process. */
export function keysFromEnvironment(): Promise<DecryptionKeys> {
  return engine().readKeys(process.env);
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
