import { bucketAddress } from "../components/bucket-address";
import { ofPlatform } from "./platform-setting";
import type { Settings } from "./settings";

/** The store that a stack's archives go to: its setting, or the bucket that a stack with its own cluster has. */
export function storeAddress(settings: Settings): string | undefined {
  const { backup, database, environment } = settings;
  if (database.kind !== "atlas") return backup.store;
  const { bucket, folder } = namedBucket(backup.store);
  // What a platform's stack says of the key only the stack itself knows.
  if (bucket === undefined || ofPlatform(backup.bucket.kmsKey) !== undefined) return undefined;
  const lockDays = environment === "production" ? backup.retention.days : undefined;
  return bucketAddress({ bucket, folder, kmsKey: backup.bucket.kmsKey, lockDays });
}

/** `s3://bucket/folder` names the bucket; whatever else the store's setting is, the bucket has its usual name. */
export function namedBucket(store: string): { bucket?: string; folder?: string } {
  const [, bucket, folder] = /^s3:\/\/([^/?]+)(\/[^?]*)?/.exec(store) ?? [];
  return { ...(bucket ? { bucket } : {}), ...(folder ? { folder } : {}) };
}
