import type { Secret } from "../../infra/support";
import type { DecryptionKeys, EncryptionWanted } from "../../infra/engines/backup";
import { archiveReaders, type Settings } from "../../stacks/settings";
import { askSecret, type Terminal } from "../terminal";
import { engine } from "./engine";
import { usage, type BackupOptions } from "./options";

/** Typed by a person; it stays in this process, and out of its arguments and its environment. */
let typed: Secret | undefined;

/** What opens archives: from the environment of this process, and what `takePassphrase` was told. */
export async function keysFromEnvironment(): Promise<DecryptionKeys> {
  const keys = await engine().readKeys(process.env);
  return typed ? { ...keys, passphrase: typed } : keys;
}

/** The passphrase that --passphrase means: the environment's, or the one that a person types, twice where it is new. */
export async function takePassphrase(
  { passphrase, action }: Pick<BackupOptions, "passphrase" | "action">,
  terminal: Terminal,
): Promise<Secret | undefined> {
  if (!passphrase) return undefined;
  const { passphrase: given } = await engine().readKeys(process.env);
  typed = given ?? (await askSecret(terminal, "Passphrase for the archive: "));
  if (!typed)
    throw usage(
      "--passphrase wants one in the file that DND_BACKUP_PASSPHRASE_FILE names, in DND_BACKUP_PASSPHRASE, or typed at a terminal",
    );
  if (given === undefined && action === "create") {
    const again = await askSecret(terminal, "The same once more: ");
    if (again?.reveal() !== typed.reveal()) throw usage("the two passphrases are not the same");
  }
  return typed;
}

/** With the passphrase alone, which the format allows beside no other key. */
export function lockedWith(passphrase: Secret, settings: Settings | undefined): EncryptionWanted {
  if (settings?.backup.recoveryRecipient !== undefined)
    throw usage("--passphrase would leave out the stack's recovery key: an archive has one or the other");
  return { passphrase };
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
