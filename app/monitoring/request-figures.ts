import { hostname } from "node:os";
import type { Logger } from "pino";
import { sendRequestMetrics, type RequestMetrics } from "../../infra/engines/monitoring";
import type { Database } from "../database";
import type { AppSettings } from "../settings";

/** Sends this machine's figures to the operations' database until it is stopped. */
export function sendRequestFigures(
  settings: AppSettings,
  database: Database,
  metrics: RequestMetrics,
  log: Logger,
): { stop: () => Promise<void> } {
  return sendRequestMetrics({
    ops: database.operations,
    metrics,
    environment: settings.DEPLOY_ENV,
    machine: settings.MACHINE_ID ?? hostname(),
    // A part of the time that a stop may take, for the database may be away.
    lastWordMs: settings.STOP_TIMEOUT_MS / 4,
    poolPercent: () => database.pool.takePeakPercent(),
    report: (error) => log.warn({ err: error }, "the figures of requests cannot be kept at the moment"),
  });
}
