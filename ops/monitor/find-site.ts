import type { ServiceWish } from "../../infra/engines/monitoring";
import { isMaintenanceByHand, localFolder, OperatorError, projectRoot, Secret } from "../../infra/support";
import { encrypted } from "../../stacks/secret-paths";
import type { Settings } from "../../stacks/settings";
import { appUrl } from "../app-url";
import { chosenDatabase } from "../chosen-database";
import { localStackName } from "../local-stack";
import { usageOf } from "../actions";
import { publicMachine } from "./machine-addresses";
import type { MonitorOptions } from "./options";
import type { Site } from "./site";
import { versionsIn } from "./versions-in";

/** Inside of a container the monitor has a login of its own beside the app's. */
const ownUri = "MONITOR_MONGODB_URI";

/** What is to be monitored: the stack, or the database and the app that were named. */
export async function findSite(options: MonitorOptions): Promise<Site> {
  if (process.env[ownUri]) process.env.MONGODB_URI = process.env[ownUri];
  const { address, settings } = await chosenDatabase(options);
  if (!address) throw noDatabase(options.stack);
  if (settings) return siteOfStack(options, settings, address);
  const health = options.url === undefined ? undefined : healthOf(options.url, "/api/health");
  return {
    stack: null,
    environment: options.environment ?? process.env.DEPLOY_ENV ?? "development",
    address,
    settings: undefined,
    version: process.env.APP_VERSION ?? "0.0.0",
    machines: async () => (health === undefined ? [] : [publicMachine(health)]),
    services: [],
    certificates: secure(options.url === undefined ? [] : [options.url]),
    disks: [],
    migrations: versionsIn("migrations"),
    token: tokenOf(undefined),
    maintenance: isMaintenanceByHand(process.env),
  };
}

async function siteOfStack(
  options: MonitorOptions,
  settings: Settings,
  address: Site["address"],
): Promise<Site> {
  const { app, monitoring, migrations } = settings;
  const { machinesOf } = require("./machine-addresses") as typeof import("./machine-addresses");
  const url = options.url ?? appUrl(options.stack, settings);
  const local = options.stack === localStackName;
  return {
    stack: options.stack,
    environment: settings.environment,
    address,
    settings,
    version: app.version,
    machines: machinesOf(settings, { local, url: healthOf(url, app.checks.path) }),
    services: monitoring.services.map(serviceOf),
    certificates: secure([
      url,
      ...app.hostnames.map((name) => `https://${name}`),
      ...monitoring.certificates,
    ]),
    disks: local
      ? [{ subject: "this computer", folder: localFolder() }]
      : [{ subject: "monitor", folder: projectRoot }],
    migrations: versionsIn(migrations.folder),
    token: tokenOf(readable(monitoring.token)),
    maintenance: [app.env, process.env].some(isMaintenanceByHand),
  };
}

function serviceOf({
  timeout: timeoutMs,
  ...service
}: Settings["monitoring"]["services"][number]): ServiceWish {
  if (service.kind !== "redis") return { ...service, timeoutMs };
  const { password, ...redis } = service;
  return { ...redis, timeoutMs, password: readable(password)?.reveal() };
}

/** What stands encrypted in a file opens nothing. */
function readable(secret: Secret | undefined): Secret | undefined {
  return secret?.reveal() === encrypted ? undefined : secret;
}

function tokenOf(setting: Secret | undefined): Secret | undefined {
  return process.env.MONITORING_TOKEN ? new Secret(process.env.MONITORING_TOKEN) : setting;
}

function healthOf(url: string, path: string): string {
  try {
    return new URL(path, url).href;
  } catch {
    throw usageOf("monitor")(`--url wants an address such as https://dnd.example.com, not ${url}`);
  }
}

/** A wildcard names no host that could be asked. */
function secure(addresses: readonly string[]): string[] {
  return [...new Set(addresses)].filter((one) => one.startsWith("https://") && !one.includes("*"));
}

function noDatabase(stack: string): OperatorError {
  return new OperatorError({
    code: "monitor-no-database",
    kind: "refused",
    message: `the ${stack} stack has no database yet, and nothing to monitor`,
    remedy: `${stack === localStackName ? "`npm start`" : `\`dnd up --stack ${stack}\``} brings it; or name another one with --uri and --db.`,
  });
}
