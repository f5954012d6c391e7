export {
  bucketOf,
  ensureMetrics,
  latestMetrics,
  metricSeries,
  quantile,
  recordMetric,
  recordMetrics,
  type Metric,
  type SeriesPoint,
  type SeriesWish,
  type StoredMetric,
  type Summary,
} from "./metrics";
export {
  deploymentHealth,
  deploymentStats,
  metricRows,
  type DeploymentHealth,
  type DeploymentStats,
  type MetricRow,
  type Period,
} from "./stats";
export { csvOf, monitoringApi, type MonitoringApiOptions, type RateLimit, type ResolveAlert } from "./api";
export {
  requestMetrics,
  sendRequestMetrics,
  type RequestFigures,
  type RequestMetrics,
  type SendingOptions,
} from "./requests";
