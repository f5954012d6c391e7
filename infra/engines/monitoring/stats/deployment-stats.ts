import type { Db } from "mongodb";
import { countAlerts } from "./alerts";
import type { Period } from "./period";
import { tallyReleases, tallyReported, type Tally } from "./tally";

/** What `action=stats` answers, as the guide has it; times are milliseconds, the rate is a share of 1. */
export interface DeploymentStats {
  environment: string;
  deploymentCount: number;
  successfulDeployments: number;
  successRate: number;
  averageDeploymentTime: number;
  averageMigrationTime: number;
  totalAlerts: number;
  activeAlerts: number;
  lastDeployment: string | null;
}

/** How deployments went: those of the journal of releases, and those that others have reported as metrics. */
export async function deploymentStats(ops: Db, period: Period = {}): Promise<DeploymentStats> {
  const [released, reported, alerts] = await Promise.all([
    tallyReleases(ops, period),
    tallyReported(ops, period),
    countAlerts(ops, period),
  ]);
  const total = (pick: (tally: Tally) => number) => pick(released) + pick(reported);
  const count = total(({ deployments }) => deployments);
  const successful = total((tally) => tally.successful);
  const last = [released.last, reported.last].flatMap((at) => at?.getTime() ?? []);
  return {
    environment: period.environment ?? "all",
    deploymentCount: count,
    successfulDeployments: successful,
    // Where nothing was deployed nothing has failed.
    successRate: count === 0 ? 1 : successful / count,
    averageDeploymentTime: mean(
      total(({ deploymentMs }) => deploymentMs),
      count,
    ),
    averageMigrationTime: mean(
      total(({ migrationMs }) => migrationMs),
      total(({ migrations }) => migrations),
    ),
    totalAlerts: alerts.total,
    activeAlerts: alerts.active,
    lastDeployment: last.length === 0 ? null : new Date(Math.max(...last)).toISOString(),
  };
}

function mean(sum: number, count: number): number {
  return count === 0 ? 0 : Math.round(sum / count);
}
