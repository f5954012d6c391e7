import { LocalApp, localObservers } from "../components/local-app";
import { LocalDatabase } from "../components/local-database";
import { Release } from "../components/release";
import { migrationsWanted, schemaRange } from "./migration-settings";
import { archiveReaders, type Settings } from "./settings";

/** The local stack: a MongoDB, archives in a folder and machines as processes, released the way production is. */
export function local(settings: Settings, commit: string | null) {
  const { app, backup, environment, migrations } = settings;
  const database = new LocalDatabase("database", {
    name: settings.database.name,
    port: settings.database.kind === "embedded" ? settings.database.port : undefined,
  });

  const wanted = migrationsWanted(migrations);
  const release = new Release("release", {
    environment,
    database: database.address,
    store: backup.store,
    archive: {
      preset: backup.compression,
      restoreTest: backup.restoreTest,
      recipients: archiveReaders(settings),
    },
    migrations: wanted,
    commit,
    policy: { backup: backup.enabled, skipMigrations: migrations.skip },
    observers: localObservers({
      app: { name: app.name, version: app.version },
      migrations: wanted,
      store: backup.store,
    }),
    deploy: (step, parent) =>
      new LocalApp(
        "app",
        {
          name: app.name,
          port: app.port,
          machines: app.machines,
          env: { ...app.env, ...schemaRange(migrations), DEPLOY_ENV: environment },
          databaseUri: database.appUri,
          databaseName: settings.database.name,
        },
        step,
        { parent },
      ),
  });

  return {
    url: release.url,
    dashboardUrl: release.url.apply((url) => `${url}/deployments`),
    databaseUri: database.appUri,
    databaseName: settings.database.name,
    release: release.recorded,
    archive: release.archive,
    machines: release.machines,
    backupStore: backup.store,
  };
}
