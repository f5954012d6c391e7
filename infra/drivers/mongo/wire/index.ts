export { dialPrimary } from "./dial-primary";
export { DirectConnection } from "./direct-connection";
export type { Answer } from "./message";
export { openDirect } from "./open-direct";
