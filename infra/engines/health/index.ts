export { healthHandlers, type HealthHandler, type HealthHandlers, type HealthOptions } from "./handlers";
export { VerificationError } from "./errors";
export { isAnswering } from "./verification/is-answering";
export { verifyDeployment, type Verdict, type VerificationOptions } from "./verification/verify-deployment";
export type { Check } from "./verification/check";
