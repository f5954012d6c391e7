export { decrypted } from "./decrypted";
export { encryptingSink, type EncryptedSink } from "./encrypting-sink";
export { EncryptionNewerError, KeyMissingError, KeyUnusableError, KeyWrongError } from "./errors";
export { rekeyed } from "./rekeyed";
export {
  encryptionOf,
  recipientsOf,
  type ArchiveEncryption,
  type DecryptionKeys,
  type EncryptionWanted,
} from "./wanted";
