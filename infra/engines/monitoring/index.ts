export { keepBeliefs, readBeliefs } from "./beliefs";
export { downtimeFigure } from "./downtime";
export { isVerdict, figureUnits, type Figure, type FigureName } from "./figure";
export { beat, beatOnce, heartbeats, type Heartbeat } from "./heartbeats";
export { releasesSince, type JournalEntry } from "./journal";
export { Leadership, monitorLeaseMs, type Standing } from "./leadership";
export { giveLeaseBack, holdLease, type LeaseDocument } from "./lease";
export { doraFigures, median, type DoraFigures } from "./dora";
export {
  expositionOf,
  prometheusPage,
  samplesOfArchives,
  samplesOfDora,
  samplesOfJournal,
  series,
  type PrometheusOptions,
  type Sample,
} from "./prometheus";
export { releaseSpans } from "./traces/release-spans";
export { releaseRows, targets, weeklySummary, type WeeklySummary } from "./reports";
export { recordFigures } from "./record-figures";
export {
  archivesProbe,
  catalogEntries,
  certificateProbe,
  databaseProbe,
  diskProbe,
  forgetGone,
  freshnessProbe,
  lookAll,
  machinesProbe,
  migrationsProbe,
  releasesProbe,
  serviceProbe,
  steady,
  trafficProbe,
  type Beliefs,
  type Looks,
  type MachineAddress,
  type MachineHealth,
  type Patience,
  type Probe,
  type ServiceWish,
} from "./probes";
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
export { deploymentPages, type MachineShown, type Page, type PagesOptions } from "./pages";
