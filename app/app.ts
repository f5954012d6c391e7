import type { Logger } from "pino";
import { healthAnswers, plainHealth } from "../infra/engines/health";
import { maintenanceGate } from "../infra/engines/maintenance";
import type { RequestMetrics } from "../infra/engines/monitoring";
import { characterRoutes } from "./characters";
import type { Database } from "./database";
import { encounterRoutes } from "./encounters";
import { answeringPreflights, crossOriginHeaders, listener, requestLimit, router } from "./http";
import { monitoringRoutes } from "./monitoring";
import { pageRoutes } from "./pages";
import { partyRoutes } from "./parties";
import type { AppSettings } from "./settings";

/** Everything the app answers, as a listener for node's server. */
export function app(
  settings: AppSettings,
  database: Database,
  { log, stopping, metrics }: { log: Logger; stopping: AbortSignal; metrics: RequestMetrics },
) {
  const isStopping = () => stopping.aborted;
  const headers = headersOf(settings);
  const health = healthAnswers({
    database: database.app,
    environment: settings.DEPLOY_ENV,
    version: settings.APP_VERSION,
    expected: settings.MIGRATIONS?.map((version) => ({ version })),
    schema: schemaRange(settings),
    draining: isStopping,
  });
  const handle = router([
    ...monitoringRoutes(settings, database, { log, stopping }),
    ...characterRoutes(database.app),
    ...partyRoutes(database.app),
    ...encounterRoutes(database.app),
    ...pageRoutes(database, settings.APP_VERSION, log),
  ]);
  const gate = maintenanceGate({ ops: () => database.operations, env: settings });
  const first = plainHealth(health, { headers, stopping: isStopping });
  const counted = limitOf(settings);
  return listener({
    ...{ first, log, stopping: isStopping, observe: metrics.observe },
    headers: (message) => ({ ...headers, ...crossOriginHeaders(settings.CORS_ORIGINS, message) }),
    handle: answeringPreflights(settings.CORS_ORIGINS, (request) => {
      counted(request);
      return gate(request, handle);
    }),
  });
}

function limitOf({ RATE_LIMIT_PER_MINUTE: perMinute, FLY_APP_NAME: app }: AppSettings) {
  if (perMinute === undefined) return () => undefined;
  return requestLimit({ perMinute, behindFly: app !== undefined });
}

/** The range that the stack has declared; both ends or none. */
function schemaRange({ SCHEMA_MIN, SCHEMA_MAX }: AppSettings) {
  return SCHEMA_MIN === undefined || SCHEMA_MAX === undefined
    ? undefined
    : { min: SCHEMA_MIN, max: SCHEMA_MAX };
}

function headersOf(settings: AppSettings): Record<string, string> {
  return {
    "x-app-version": settings.APP_VERSION,
    ...(settings.MACHINE_ID ? { "x-machine-id": settings.MACHINE_ID } : {}),
    ...(settings.IMAGE_DIGEST ? { "x-image-digest": settings.IMAGE_DIGEST } : {}),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    ...(settings.HSTS_MAX_AGE !== undefined && {
      "strict-transport-security": `max-age=${settings.HSTS_MAX_AGE}`,
    }),
    "content-security-policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  };
}
