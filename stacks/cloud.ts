import * as pulumi from "@pulumi/pulumi";
import type { BuiltImage, BuiltImageArgs } from "../components/built-image";
import {
  cloudObservers,
  FlyDeployedApp,
  machinesWish,
  type FlyDeployedAppArgs,
} from "../components/fly-deployed-app";
import { Release, type Image } from "../components/release";
import { cloudDatabase, type CloudDatabase } from "./cloud-database";
import { cloudStore, type CloudStore } from "./cloud-store";
import { refuseTooManyConnections } from "./connection-budget";
import { egressRegions } from "./egress-regions";
import { machinesWanted, refinedBy } from "./fly";
import { withMonitor } from "./fly-monitor";
import { schemaRange } from "./migration-settings";
import { monitorSecrets } from "./monitor-secrets";
import { releaseSettings } from "./release-settings";
import type { Settings } from "./settings";
import { atlasOwner, atlasProject } from "./snapshot-settings";
import { uploadsBucket } from "./uploads";
import { webEnv } from "./web-settings";

/** A stack in the cloud: the database, the store for its archives, and the app at Fly, released from one to the other. */
export function cloud(settings: Settings, commit: string | null) {
  refuseTooManyConnections(settings);
  return onFly(settings, cloudDatabase(settings), cloudStore(settings), commit);
}

/** Releases the app at Fly over its database. */
function onFly(settings: Settings, database: CloudDatabase, store: CloudStore, commit: string | null) {
  const { app } = settings;
  const { gates, ...common } = releaseSettings(settings);
  const repository = app.repository ?? `registry.fly.io/${app.name}`;
  const uploads = uploadsBucket(settings);
  const built = app.build && builtImage({ ...app.build, repository });
  const preview = pulumi.runtime.isDryRun();
  let deployed: FlyDeployedApp | undefined;
  const observers = cloudObservers({
    image: {
      image: built?.reference ?? app.image,
      repository,
      commit,
      toBeBuilt: built !== undefined && preview,
    },
    database: database.planned,
    migrations: common.migrations,
    store: store.planned,
  });
  const release = new Release("release", {
    ...common,
    // An update plans when the image is pushed; a preview with what can be known before.
    store: store.ready,
    gates: { ...gates, backup: gates.backup && { ...gates.backup, store: store.ready } },
    database: built && !preview ? built.pushed.apply(() => database.address) : database.address,
    commit,
    serving: { host: "fly", app: app.name },
    observers,
    deploy: (step, parent) =>
      (deployed = new FlyDeployedApp("app", flyAppOf(settings, database, uploads), step, { parent })),
  });
  database.goOverFly?.({
    // What is yet to be built cannot go, and a way back must not hang on an image of long ago: the running one does.
    image: async () => (common.order || (built && preview) ? undefined : imageName(await observers.image())),
    admitted: pulumi.all([deployed?.admitted, built?.pushed]),
  });

  return {
    url: release.url,
    dashboardUrl: release.url.apply((at) => `${at}/deployments`),
    databaseUri: database.appUri,
    databaseName: settings.database.name,
    ...(database.host && {
      databaseHost: database.host,
      databaseProject: atlasProject(settings),
      databaseOwner: atlasOwner(settings),
    }),
    release: release.recorded,
    archive: release.archive,
    passed: release.passed,
    machines: release.machines,
    certificates: deployed?.certificates,
    backupStore: store.ready,
    ...(store.roleArn && { backupRoleArn: store.roleArn }),
    ...(uploads && { uploadsBucket: uploads }),
  };
}

/** As a registry gives it out. */
function imageName({ name, digest }: Image): string {
  return `${name}@${digest}`;
}

function builtImage(args: BuiltImageArgs): BuiltImage {
  const { BuiltImage } = require("../components/built-image") as typeof import("../components/built-image");
  return new BuiltImage("image", args);
}

function flyAppOf(
  { app, environment, migrations, monitoring, database: { name } }: Settings,
  { appUri, monitorUri, admit, goOverFly }: CloudDatabase,
  uploads: pulumi.Output<string> | undefined,
): FlyDeployedAppArgs {
  const secrets = Object.entries(app.secrets).map(([key, value]) => [key, value.reveal()]);
  const { egress: _egress, ...addresses } = app.addresses;
  const machines = machinesWanted(withMonitor({ app, monitoring }, pulumi.getStack()));
  return {
    environment,
    app: app.name,
    organization: app.organization,
    url: app.url ?? `https://${app.name}.fly.dev`,
    addresses: {
      ...addresses,
      egressRegions: egressRegions(app),
    },
    hostnames: app.hostnames,
    ownCertificates: Object.fromEntries(
      Object.entries(app.certificates).map(([name, { chain, key }]) => [name, { chain, key: key.reveal() }]),
    ),
    machines: refinedBy(app, machinesWish(machines)),
    ownCounts: Object.keys(machines.counts),
    probePath: app.checks.path,
    env: {
      ...webEnv({ environment, app }),
      ...schemaRange(migrations),
      ...{ DEPLOY_ENV: environment, MONGODB_DB_NAME: name },
    },
    secrets: {
      ...Object.fromEntries(secrets),
      MONGODB_URI: appUri,
      // No secret: it travels with them because only they may come to be known late.
      ...(uploads && { UPLOADS_BUCKET: uploads }),
      ...(monitoring.enabled && { ...monitorSecrets({ monitoring }), MONITOR_MONGODB_URI: monitorUri }),
      ...(monitoring.token && { MONITORING_TOKEN: monitoring.token.reveal() }),
    },
    admit,
    comesFirst: goOverFly !== undefined,
  };
}
