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
