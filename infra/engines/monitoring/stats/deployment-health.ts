import type { Db } from "mongodb";
import { countAlerts } from "./alerts";
import { releasesIn, releasesOf } from "./releases";

/** What `action=health` answers: whether people should look. */
export interface DeploymentHealth {
  /** Unhealthy while a critical alert is active; degraded while a warning is, or after a release that failed. */
  status: "healthy" | "degraded" | "unhealthy";
  environment: string;
  timestamp: string;
  activeAlerts: number;
  criticalAlerts: number;
  lastDeployment: { release: number; state: string; version: string; startedAt: string } | null;
}

/** The state of an environment in one word, with what it rests on. */
export async function deploymentHealth(ops: Db, environment: string): Promise<DeploymentHealth> {
  const [{ active, critical }, last] = await Promise.all([
    countAlerts(ops, { environment }),
    releasesIn(ops).findOne(releasesOf({ environment }), { sort: { _id: -1 } }),
  ]);
  const bad = active > 0 || last?.state === "failed";
  return {
    status: critical > 0 ? "unhealthy" : bad ? "degraded" : "healthy",
    environment,
    timestamp: new Date().toISOString(),
    activeAlerts: active,
    criticalAlerts: critical,
    lastDeployment: last && {
      release: last._id,
      state: last.state,
      version: last.image.version,
      startedAt: last.startedAt.toISOString(),
    },
  };
}
