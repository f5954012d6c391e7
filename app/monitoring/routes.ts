import type { Logger } from "pino";
import { deploymentPages, monitoringApi, type Page } from "../../infra/engines/monitoring";
import { isMaintenanceByHand } from "../../infra/support";
import type { Database } from "../database";
import type { Handler, Route } from "../http";
import type { AppSettings } from "../settings";
import { resolveAlert } from "./resolve-alert";

/** The monitoring API and the pages to look at, about the environment that the app is part of. */
export function monitoringRoutes(
  settings: AppSettings,
  database: Database,
  { log, stopping }: { log: Logger; stopping: AbortSignal },
): Route[] {
  const here = { ops: database.operations, environment: settings.DEPLOY_ENV };
  const api = monitoringApi({
    ...here,
    token: settings.MONITORING_TOKEN,
    resolveAlert: (id, by) => resolveAlert(database.operations, id, by),
    report: (error) => log.error({ err: error }, "the monitoring API failed"),
  });
  const pages = deploymentPages({
    ...here,
    database: database.app,
    version: settings.APP_VERSION,
    mayResolve: settings.MONITORING_TOKEN !== undefined,
    maintenance: isMaintenanceByHand(settings),
    stopping,
    report: (error) => log.error({ err: error }, "a page of the monitoring failed"),
  });
  return [...mounted(api, ["GET", "POST"]), ...mounted(pages, ["GET"])];
}

function mounted(pages: Record<string, Page>, methods: readonly ("GET" | "POST")[]): Route[] {
  return Object.entries(pages).map(([path, page]) => {
    const handle: Handler = ({ request }) => page(request);
    return { path, methods: Object.fromEntries(methods.map((method) => [method, handle])) };
  });
}
