import * as pulumi from "@pulumi/pulumi";
import { AtlasDatabase } from "../components/atlas-database";
import type { BuiltImage, BuiltImageArgs } from "../components/built-image";
import { BackupBucket } from "../components/backup-bucket";
import {
  cloudObservers,
  FlyDeployedApp,
  machinesWish,
  type FlyDeployedAppArgs,
} from "../components/fly-deployed-app";
import { Release, type DatabaseAddress } from "../components/release";
import { Secret } from "../infra/support";
import { machinesWanted, refinedBy } from "./fly";
import { schemaRange } from "./migration-settings";
import { releaseSettings } from "./release-settings";
import { SettingsError, type Settings } from "./settings";
import { atlasProject } from "./snapshot-settings";

/** A stack in the cloud: the database, the store for its archives, and the app at Fly, released from one to the other. */
export function cloud(settings: Settings, commit: string | null) {
  return settings.database.kind === "uri"
    ? onFly(settings, databaseGiven(settings), commit)
    : provisioned(settings);
}

/** The database cluster and the bucket for its archives. */
function provisioned(settings: Settings) {
  const { environment } = settings;
  const database = databaseOf(settings);
  const store = new BackupBucket("backups", { environment, bucket: bucketName(settings.backup.store) });
  void pulumi.log.warn(
    "This edition provisions the database and the bucket of a stack at Atlas. Releases at Fly need a database of kind uri.",
  );
  return {
    databaseHost: database.host,
    databaseName: settings.database.name,
    backupStore: store.address,
  };
}

/** Releases the app at Fly over a database that is there. */
function onFly(settings: Settings, database: DatabaseGiven, commit: string | null) {
  const { app } = settings;
  const common = releaseSettings(settings);
  const repository = app.repository ?? `registry.fly.io/${app.name}`;
  const built = app.build && builtImage({ ...app.build, repository });
  const preview = pulumi.runtime.isDryRun();
  const release = new Release("release", {
    ...common,
    // An update plans when the image is pushed; a preview with what can be known before.
    database:
      built && !preview ? built.pushed.apply(() => database.address) : pulumi.output(database.address),
    commit,
    serving: { host: "fly", app: app.name },
    observers: cloudObservers({
      image: {
        image: built?.reference ?? app.image,
        repository,
        commit,
        toBeBuilt: built !== undefined && preview,
      },
      database: database.address,
      migrations: common.migrations,
      store: common.store,
    }),
    deploy: (step, parent) => new FlyDeployedApp("app", flyAppOf(settings, database), step, { parent }),
  });

  return {
    url: release.url,
    dashboardUrl: release.url.apply((at) => `${at}/deployments`),
    databaseUri: pulumi.secret(database.uri.reveal()),
    databaseName: database.address.name,
    release: release.recorded,
    archive: release.archive,
    machines: release.machines,
    backupStore: common.store,
  };
}

function builtImage(args: BuiltImageArgs): BuiltImage {
  const { BuiltImage } = require("../components/built-image") as typeof import("../components/built-image");
  return new BuiltImage("image", args);
}

function flyAppOf(
  { app, environment, migrations }: Settings,
  { address, uri }: DatabaseGiven,
): FlyDeployedAppArgs {
  const secrets = Object.entries(app.secrets).map(([key, value]) => [key, value.reveal()]);
  const { egress, ...addresses } = app.addresses;
  return {
    environment,
    app: app.name,
    organization: app.organization,
    url: app.url ?? `https://${app.name}.fly.dev`,
    addresses: { ...addresses, egressRegions: egress ? app.regions : [] },
    hostnames: app.hostnames,
    machines: refinedBy(app, machinesWish(machinesWanted(app))),
    probePath: app.checks.path,
    env: { ...schemaRange(migrations), DEPLOY_ENV: environment, MONGODB_DB_NAME: address.name },
    secrets: { ...Object.fromEntries(secrets), MONGODB_URI: uri.reveal() },
  };
}

interface DatabaseGiven {
  address: DatabaseAddress;
  uri: Secret;
}

/** The steps take the full address from the environment when they run, so that a rotated password is no change. */
function databaseGiven({ database }: Settings): DatabaseGiven {
  const uri = process.env.MONGODB_URI;
  if (!uri) {
    throw new SettingsError([
      {
        key: "dnd-tracker:database.uri",
        value: "is not in the environment",
        allowed: "the database's address, with user and password, in MONGODB_URI",
      },
    ]);
  }
  const bare = uri.replace(/\/\/[^@/]*@/, "//");
  return { address: { uri: bare, name: database.name, credentials: "environment" }, uri: new Secret(uri) };
}

function databaseOf(settings: Settings): AtlasDatabase {
  const { database, environment } = settings;
  if (database.kind !== "atlas") {
    throw new SettingsError([
      { key: "dnd-tracker:database.kind", value: `is "${database.kind}"`, allowed: "atlas in a cloud stack" },
    ]);
  }
  if (!database.orgId) {
    throw new SettingsError([
      {
        key: "dnd-tracker:database.orgId",
        value: "is missing",
        allowed: "the organization of Atlas that pays",
      },
    ]);
  }
  const { name, tier, region, version, accessList, orgId } = database;
  const project = atlasProject(settings);
  return new AtlasDatabase("database", {
    environment,
    name,
    project,
    orgId,
    tier,
    region,
    version,
    accessList,
  });
}

function bucketName(store: string): string | undefined {
  return store.startsWith("s3://") ? store.slice("s3://".length).split(/[/?]/)[0] : undefined;
}
