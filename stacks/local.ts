import { LocalApp, localObservers } from "../components/local-app";
import { LocalDatabase } from "../components/local-database";
import { Release } from "../components/release";
import { monitorOf } from "./local-monitoring";
import { schemaRange } from "./migration-settings";
import { releaseSettings } from "./release-settings";
import type { Settings } from "./settings";
import { webEnv } from "./web-settings";

/** The local stack: a MongoDB, archives in a folder and machines as processes, released the way production is. */
export function local(settings: Settings, commit: string | null) {
  const { app, environment, migrations, monitoring } = settings;
  const database = new LocalDatabase("database", {
    name: settings.database.name,
    port: settings.database.kind === "embedded" ? settings.database.port : undefined,
  });

  const common = releaseSettings(settings);
  const release = new Release("release", {
    ...common,
    database: database.address,
    commit,
    serving: { host: "local", app: app.name },
    observers: localObservers({
      app: { name: app.name, version: app.version },
      migrations: common.migrations,
      store: common.store,
    }),
    deploy: (step, parent) =>
      new LocalApp(
        "app",
        {
          name: app.name,
          port: app.port,
          machines: app.machines,
          startTimeoutMs: app.startTimeout,
          env: { ...app.env, ...webEnv(settings), ...schemaRange(migrations), DEPLOY_ENV: environment },
          // The same token as the monitor's: alerts are resolved at either dashboard.
          ...(monitoring.token && { secrets: { MONITORING_TOKEN: monitoring.token.reveal() } }),
          databaseUri: database.appUri,
          databaseName: settings.database.name,
        },
        step,
        { parent },
      ),
  });

  const monitor = monitorOf(settings, release);
  return {
    url: release.url,
    dashboardUrl: (monitor?.url ?? release.url).apply((url) => `${url}/deployments`),
    databaseUri: database.appUri,
    databaseName: settings.database.name,
    release: release.recorded,
    archive: release.archive,
    passed: release.passed,
    machines: release.machines,
    backupStore: common.store,
  };
}
