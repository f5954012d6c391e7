import * as pulumi from "@pulumi/pulumi";
import type { BackupBucketArgs } from "../components/backup-bucket";
import { SettingsError, type Settings } from "./settings";
import { namedBucket } from "./store-address";

/** Where a stack's archives go. */
export interface CloudStore {
  /** For the plan, which looks there before anything is made. */
  planned: string | Promise<string>;
  /** For the steps: known when archives can be put there. */
  ready: pulumi.Input<string>;
}

/** The bucket of a stack whose cluster is its own too; any other stack's store is there. */
export function cloudStore(settings: Settings): CloudStore {
  const { backup, database } = settings;
  if (database.kind !== "atlas") return { planned: backup.store, ready: backup.store };
  const { BackupBucket } =
    require("../components/backup-bucket") as typeof import("../components/backup-bucket");
  const bucket = new BackupBucket("backups", bucketWanted(settings));
  return { planned: new Promise((known) => bucket.address.apply(known)), ready: bucket.ready };
}

function bucketWanted({ environment, backup }: Settings): BackupBucketArgs {
  const named = namedBucket(backup.store);
  if (backup.bucket.adopt && named.bucket === undefined)
    throw new SettingsError([
      {
        key: "dnd-tracker:backup.store",
        value: "names no bucket",
        allowed: "s3://BUCKET, where one is adopted",
      },
    ]);
  if (backup.bucket.kmsKey !== undefined && backup.bucket.replicaRegion !== undefined)
    throw new SettingsError([
      {
        key: "dnd-tracker:backup.bucket.replicaRegion",
        value: "is set beside backup.bucket.kmsKey",
        allowed: "one of the two: the key of one region opens no copy in another",
      },
    ]);
  const { adopt, kmsKey, archiveClass, accessLogs, replicaRegion, backupRole } = backup.bucket;
  return {
    environment,
    ...named,
    ...{ adopt, kmsKey, archiveClass, accessLogs, replicaRegion, backupRole },
    lockDays: backup.retention.days,
  };
}
