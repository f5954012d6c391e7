export { heardOf } from "./alerts";
export { deploymentHealth, type DeploymentHealth } from "./deployment-health";
export { deploymentStats, type DeploymentStats } from "./deployment-stats";
export { metricRows, type MetricRow, type RowWish } from "./metric-rows";
export type { Period } from "./period";
