export interface BucketStore {
  bucket: string;
  /** Begins with a slash. */
  folder?: string | undefined;
  /** A key of AWS KMS; AES256 without one. */
  kmsKey?: string | undefined;
  /** For how many days nobody deletes an archive; undefined where none is locked. */
  lockDays?: number | undefined;
}

/** How the store of a bucket is addressed: so that it uploads as the bucket's policy demands it, with a lock on each archive where there is one. */
export function bucketAddress({ bucket, folder = "", kmsKey, lockDays }: BucketStore): string {
  const query = new URLSearchParams(
    kmsKey === undefined ? { encryption: "AES256" } : { encryption: "KMS", key: kmsKey },
  );
  if (lockDays !== undefined) {
    query.set("lock", "governance");
    query.set("lock-days", String(lockDays));
  }
  return `s3://${bucket}${folder}?${query.toString()}`;
}
