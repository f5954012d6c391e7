import { randomBytes, timingSafeEqual } from "node:crypto";
import { OperatorError, messageOf } from "../../../support";
import { ArchiveDamage } from "../archive";
import { loadAge } from "./age-package";
import { KeyMissingError, KeyUnusableError, KeyWrongError } from "./errors";
import { passphraseIdentity, passphraseRecipient } from "./passphrase";
import { publicKeyOf } from "./public-key";
import { encryptionOf, privateKeys, type DecryptionKeys, type EncryptionWanted } from "./wanted";
import { headerSeal, x25519Header } from "./x25519-header";

/** The front of an encrypted archive: its key, wrapped for each who may read it. */
export interface Header {
  bytes: Buffer;
  fileKey: Buffer;
}

/** Makes a header, around a new key or around one that there is already. */
export async function makeHeader(wanted: EncryptionWanted, known?: Buffer): Promise<Header> {
  const { recipients } = await encryptionOf(wanted);
  const publicKeys = recipients.flatMap((recipient) => publicKeyOf(recipient) ?? []);
  if (publicKeys.length > 0 && publicKeys.length === recipients.length) {
    const fileKey = known ?? randomBytes(fileKeyBytes);
    return { bytes: x25519Header(publicKeys, fileKey), fileKey };
  }
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  let fileKey = Buffer.alloc(0);
  // The first to be asked is where the package's own key is learnt, or another one put in its place.
  encrypter.addRecipient({
    wrapFileKey(generated) {
      if (known) generated.set(known);
      fileKey = Buffer.from(generated);
      return [];
    },
  });
  if ("passphrase" in wanted)
    encrypter.addRecipient(passphraseRecipient(wanted.passphrase, wanted.workFactor));
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const empty = await encrypter.encrypt(new Uint8Array());
  const bytes = Buffer.from(empty.subarray(0, empty.length - nonceAndEmptyChunk));
  // A header that does not belong to the key would be found out when the archive is needed.
  if (!isSealedBy(bytes, fileKey)) throw new Error("the package made a header for another key");
  return { bytes, fileKey };
}

const fileKeyBytes = 16;
const nonceAndEmptyChunk = 16 + 16;

/** The key of an archive, by any of the private keys or by the passphrase. */
export async function openHeader(header: Buffer, keys: DecryptionKeys | undefined): Promise<Buffer> {
  if (keys?.archiveKey) {
    const fileKey = Buffer.from(keys.archiveKey.reveal(), "base64");
    if (!isSealedBy(header, fileKey)) throw new ArchiveDamage("the header of its encryption was changed");
    return fileKey;
  }
  const byPassphrase = /\n-> scrypt /.test(header.toString("latin1"));
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  if (byPassphrase) {
    if (!keys?.passphrase) throw new KeyMissingError(true);
    decrypter.addIdentity(passphraseIdentity(keys.passphrase));
  } else {
    const identities = keys ? privateKeys(keys) : [];
    if (identities.length === 0) throw new KeyMissingError(false);
    for (const identity of identities) addIdentity(decrypter, identity);
  }
  try {
    return Buffer.from(await decrypter.decryptHeader(header));
  } catch (error) {
    throw openFailure(error, byPassphrase);
  }
}

function addIdentity(decrypter: { addIdentity(key: string): void }, identity: string): void {
  try {
    decrypter.addIdentity(identity);
  } catch {
    // The package's words might quote the key.
    throw new KeyUnusableError("what was given as a private key is none of age");
  }
}

function openFailure(error: unknown, byPassphrase: boolean): Error {
  if (error instanceof OperatorError || error instanceof ArchiveDamage) return error;
  if (messageOf(error).startsWith("no identity matched")) return new KeyWrongError(byPassphrase);
  return new ArchiveDamage(`the header of its encryption cannot be read (${messageOf(error)})`);
}

/** Whether the seal at the end of a header is that of its key. */
function isSealedBy(header: Buffer, fileKey: Buffer): boolean {
  const end = header.lastIndexOf("\n--- ") + "\n---".length;
  const seal = Buffer.from(header.toString("latin1", end + 1), "base64");
  const expected = headerSeal(header.subarray(0, end), fileKey);
  return seal.length === expected.length && timingSafeEqual(seal, expected);
}
