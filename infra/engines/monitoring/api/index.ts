export { csvOf } from "./csv";
export { monitoringApi, monitoringPath, type MonitoringApiOptions } from "./monitoring-api";
export type { RateLimit } from "./rate-limit";
export type { ResolveAlert } from "./write";
