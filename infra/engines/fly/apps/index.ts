export { ensureApp, type AppOptions, type AppState, type AppWish } from "./ensure-app";
export { observeApp, removeApp, type ObservedApp } from "./observe-app";
export { missingAddresses, type AddressSeen, type AddressesWanted } from "./addresses";
export type { CertificateState, DnsRecord } from "./certificates";
export { fingerprintOfSecrets, seeSecrets, type SecretsState } from "./secrets";
export { WrongOrganization } from "./errors";
