import { OperatorError } from "../../../support";

/** Several ways of saying the same would hide which one was meant. */
const howToGiveKeys =
  "Give the private key by DND_BACKUP_IDENTITY_FILE (or DND_BACKUP_IDENTITY), or the passphrase by DND_BACKUP_PASSPHRASE_FILE; docs/keys.md says where each is kept.";

export class KeyMissingError extends OperatorError {
  constructor(passphrase: boolean) {
    super({
      code: "archive-key-missing",
      kind: "usage",
      message: `the archive is encrypted ${passphrase ? "with a passphrase" : "for private keys"}, and no ${passphrase ? "passphrase" : "private key"} was given`,
      remedy: howToGiveKeys,
    });
  }
}

export class KeyWrongError extends OperatorError {
  constructor(passphrase: boolean) {
    super({
      code: "archive-key-wrong",
      kind: "refused",
      message: passphrase
        ? "the passphrase does not open the archive"
        : "none of the private keys that were given opens the archive",
      remedy: `Its manifest names the public keys that it was encrypted for. ${howToGiveKeys}`,
    });
  }
}

export class KeyUnusableError extends OperatorError {
  constructor(what: string, cause?: unknown) {
    super({
      code: "encryption-key-unusable",
      kind: "usage",
      message: what,
      remedy:
        "Make a pair of keys with `age-keygen -o key.txt`: the line that begins with age1 is the public key, the one that begins with AGE-SECRET-KEY-1 the private one.",
      cause,
    });
  }
}

export class EncryptionNewerError extends OperatorError {
  constructor(version: string) {
    super({
      code: "encryption-newer",
      kind: "refused",
      message: `the archive is encrypted as ${version}, this checkout reads age-encryption.org/v1`,
      remedy: "Decrypt it with the tool that made it, or use a later checkout.",
    });
  }
}
