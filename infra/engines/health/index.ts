export {
  healthAnswers,
  healthHandlers,
  type Health,
  type HealthHandler,
  type HealthHandlers,
  type HealthOptions,
} from "./handlers";
export { watchPool, type PoolHealth, type WatchedPool } from "./pool";
export { expressRoute, fastifyRoute, healthPaths, nextRoute, plainHealth, type PlainOptions } from "./mounts";
export { VerificationError } from "./errors";
export { isAnswering } from "./verification/is-answering";
export { verifyDeployment, type Verdict, type VerificationOptions } from "./verification/verify-deployment";
export { AppClient } from "./verification/app-client";
export { CheckFailure, type Check } from "./verification/check";
export { logText } from "./logs/judge";
export { scanLogs, type LogFindings } from "./logs/scan";
export {
  measuredBefore,
  rememberMeasurement,
  type Before,
  type Measurement,
} from "./verification/measurements";
export {
  guidesThresholds,
  judgeTraffic,
  slowdownOf,
  type Traffic,
  type TrafficThresholds,
  type TrafficVerdict,
} from "./verification/thresholds";
export { validatorsHold } from "./verification/validators";
export { verifyRunning, type RunningVerdict, type RunningVerification } from "./verification/verify-running";
export { watchTraffic } from "./verification/watch-traffic";
