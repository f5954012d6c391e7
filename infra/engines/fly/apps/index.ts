export { ensureApp, type AppOptions, type AppState, type AppWish } from "./ensure-app";
export { observeApp, removeApp, type ObservedApp } from "./observe-app";
export { missingAddresses, type AddressSeen, type AddressesWanted } from "./addresses";
export { seeCertificates } from "./certificates";
export type { CertificateState, DnsRecord } from "./certificate-state";
export { fingerprintOfChain, whyNotOwnCertificate, type OwnCertificate } from "./own-certificate";
export { fingerprintOfSecrets, seeSecrets, type SecretsState } from "./secrets";
export { WrongOrganization } from "./errors";
