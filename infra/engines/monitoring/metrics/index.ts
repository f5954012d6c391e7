export { ensureMetrics, metricsOf, rollUpsIn } from "./collections";
export { bucketOf, quantile, upperBorder, type Histogram } from "./histogram";
export { hourlySums, type HourlySum } from "./hourly-sums";
export { latestMetrics } from "./latest";
export { labelText, metricSchema, type Metric, type StoredMetric } from "./metric";
export { recordMetric, recordMetrics } from "./record";
export {
  addTo,
  hourOf,
  summaryOf,
  type CountedFigures,
  type Part,
  type RollUp,
  type Summary,
} from "./roll-up";
export { metricSeries, type SeriesPoint, type SeriesWish } from "./series";
