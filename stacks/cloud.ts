import * as pulumi from "@pulumi/pulumi";
import { AtlasDatabase } from "../components/atlas-database";
import { BackupBucket } from "../components/backup-bucket";
import type { Settings } from "./settings";
import { SettingsError } from "./settings";

/** A stack in the cloud: the database cluster and the bucket for its archives. */
export function cloud(settings: Settings) {
  const { environment } = settings;
  const database = databaseOf(settings);
  const store = new BackupBucket("backups", { environment, bucket: bucketName(settings.backup.store) });
  void pulumi.log.warn(
    "This edition provisions the database and the bucket of a cloud stack. Machines on Fly, and with them releases, come with a later one.",
  );
  return {
    databaseHost: database.host,
    databaseName: settings.database.name,
    backupStore: store.address,
  };
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
  const project = database.project ?? `dnd-tracker-${environment}`;
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
  return store.startsWith("s3://") ? store.slice("s3://".length).split("/")[0] : undefined;
}
