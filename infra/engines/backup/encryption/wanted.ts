import type { Secret } from "../../../support";
import { loadAge } from "./age-package";
import { KeyUnusableError } from "./errors";
import { publicKeyOf } from "./public-key";

/** For whom an archive is encrypted: the holders of private keys, or whoever knows a passphrase. */
export type EncryptionWanted =
  { recipients: readonly string[] } | { passphrase: Secret; workFactor?: number | undefined };

/** What may open an archive. An identity is a private key, or the text of a file that age-keygen wrote. */
export interface DecryptionKeys {
  identities: readonly Secret[];
  passphrase?: Secret | undefined;
  /** The archive's own key: who just made it reads it again with this one, and forgets it. */
  archiveKey?: Secret | undefined;
}

/** What a manifest says about encryption: public keys and never a secret. */
export interface ArchiveEncryption {
  format: "age";
  recipients: string[];
  passphrase: boolean;
}

/** What the manifest will say; refuses a key that cannot be used before anything is written. */
export async function encryptionOf(wanted: EncryptionWanted): Promise<ArchiveEncryption> {
  if (!("recipients" in wanted)) {
    if (wanted.passphrase.reveal() === "") throw new KeyUnusableError("the passphrase for archives is empty");
    return { format: "age", recipients: [], passphrase: true };
  }
  const recipients = [...new Set(wanted.recipients.map((one) => one.trim()).filter(Boolean))];
  if (recipients.length === 0) throw new KeyUnusableError("there is no public key to encrypt archives for");
  for (const recipient of recipients) {
    if (publicKeyOf(recipient)) continue;
    // Whoever pastes a private key here must not read it in a log.
    if (/^AGE-SECRET-KEY-/i.test(recipient))
      throw new KeyUnusableError("a private key stands where a public one belongs");
    const { Encrypter } = await loadAge();
    try {
      new Encrypter().addRecipient(recipient);
    } catch (cause) {
      throw new KeyUnusableError(`${recipient} is no public key of age`, cause);
    }
  }
  return { format: "age", recipients, passphrase: false };
}

/** The private keys themselves, without the comments of the files they came in. */
export function privateKeys({ identities }: DecryptionKeys): string[] {
  return identities.flatMap((identity) => {
    const lines = identity.reveal().split("\n");
    const keys = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
    if (keys.length === 0) throw new KeyUnusableError("a private key for archives is empty");
    return keys;
  });
}

/** The public keys that belong to private ones, in their order. */
export async function recipientsOf(keys: DecryptionKeys): Promise<string[]> {
  const { identityToRecipient } = await loadAge();
  return Promise.all(
    privateKeys(keys).map((key) =>
      identityToRecipient(key).catch(() => {
        throw new KeyUnusableError("what was given as a private key is none of age");
      }),
    ),
  );
}
