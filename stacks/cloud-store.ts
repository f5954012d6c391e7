import * as pulumi from "@pulumi/pulumi";
import type { BackupBucketArgs } from "../components/backup-bucket";
import { readKeptBuckets } from "./kept-buckets";
import { resolved } from "./platform";
import { SettingsError, type Settings } from "./settings";
import { namedBucket } from "./store-address";

/** Where a stack's archives go. */
export interface CloudStore {
  /** For the plan, which looks there before anything is made. */
  planned: string | Promise<string>;
  /** For the steps: known when archives can be put there. */
  ready: pulumi.Input<string>;
  /** The role that makes backups, where somebody may take it. */
  roleArn?: pulumi.Output<string> | undefined;
}

/** The bucket of a stack whose cluster is its own too; any other stack's store is there. */
export function cloudStore(settings: Settings): CloudStore {
  const { backup, database, environment } = settings;
  // A stack that is gone with its pull request leaves no bucket behind.
  const none = environment === "development" && !backup.enabled;
  if (database.kind !== "atlas" || none) return { planned: backup.store, ready: backup.store };
  const { BackupBucket } =
    require("../components/backup-bucket") as typeof import("../components/backup-bucket");
  const bucket = new BackupBucket("backups", bucketWanted(settings));
  const { address, ready, roleArn } = bucket;
  return { planned: new Promise((known) => address.apply(known)), ready, roleArn: roleArn ?? undefined };
}

function bucketWanted(settings: Settings): BackupBucketArgs {
  const { environment, backup } = settings;
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
  const { adopt, archiveClass, replicaRegion, backupRole } = backup.bucket;
  const of = (name: "kmsKey" | "accessLogs") => {
    const value = backup.bucket[name];
    return value === undefined ? undefined : resolved(settings, `backup.bucket.${name}`, value);
  };
  const kept = readKeptBuckets(process.env);
  return {
    environment,
    ...(kept && { bucket: kept.own, kept: kept.there }),
    ...named,
    ...{ adopt, archiveClass, replicaRegion, backupRole },
    ...{ kmsKey: of("kmsKey"), accessLogs: of("accessLogs") },
    lockDays: backup.retention.days,
  };
}
