export type { HookAnswer, HookRequest, SendOutcome } from "./contract";
export { postJson } from "./post-json";
export { isSignedBy, signBody, signatureHeader } from "./signature";
