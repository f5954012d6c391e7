export { decrypted } from "./decrypted";
export { encryptingSink } from "./encrypting-sink";
export { EncryptionNewerError, KeyMissingError, KeyUnusableError, KeyWrongError } from "./errors";
export { rekeyed } from "./rekeyed";
export {
  encryptionOf,
  encryptionSchema,
  recipientsOf,
  type ArchiveEncryption,
  type DecryptionKeys,
  type EncryptionWanted,
} from "./wanted";
