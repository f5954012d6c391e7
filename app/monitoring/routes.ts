import type { Logger } from "pino";
import { monitoringApi } from "../../infra/engines/monitoring";
import type { Database } from "../database";
import type { Handler, Route } from "../http";
import type { AppSettings } from "../settings";
import { resolveAlert } from "./resolve-alert";

/** The monitoring API, about the environment that the app is part of. */
export function monitoringRoutes(settings: AppSettings, database: Database, log: Logger): Route[] {
  const pages = monitoringApi({
    ops: database.operations,
    environment: settings.DEPLOY_ENV,
    token: settings.MONITORING_TOKEN,
    resolveAlert: (id, by) => resolveAlert(database.operations, id, by),
    report: (error) => log.error({ err: error }, "the monitoring API failed"),
  });
  return Object.entries(pages).map(([path, page]) => {
    const handle: Handler = ({ request }) => page(request);
    return { path, methods: { GET: handle, POST: handle } };
  });
}
