import type { Settings } from "../../../stacks/settings";

const guarded = {
  "aws:s3/bucket:Bucket": [
    ...[
      "s3:CreateBucket",
      "s3:ListBucket",
      "s3:GetBucketLocation",
      "s3:PutBucketTagging",
      "s3:GetBucketTagging",
    ],
    // A provider looks at all of a bucket, also at what nobody sets.
    ...["s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketWebsite", "s3:GetBucketRequestPayment"],
    ...["s3:GetAccelerateConfiguration", "s3:GetBucketLogging", "s3:GetReplicationConfiguration"],
    "s3:GetBucketObjectLockConfiguration",
  ],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": [
    ...["s3:PutBucketOwnershipControls", "s3:GetBucketOwnershipControls"],
  ],
  "aws:s3/bucketVersioning:BucketVersioning": ["s3:PutBucketVersioning", "s3:GetBucketVersioning"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    ...["s3:PutEncryptionConfiguration", "s3:GetEncryptionConfiguration"],
  ],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": [
    ...["s3:PutBucketPublicAccessBlock", "s3:GetBucketPublicAccessBlock"],
  ],
  "aws:s3/bucketPolicy:BucketPolicy": ["s3:PutBucketPolicy", "s3:GetBucketPolicy"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": [
    ...["s3:PutLifecycleConfiguration", "s3:GetLifecycleConfiguration"],
  ],
};
const logging = { "aws:s3/bucketLogging:BucketLogging": ["s3:PutBucketLogging"] };
const role = {
  "aws:iam/role:Role": [
    ...["iam:CreateRole", "iam:GetRole", "iam:TagRole"],
    ...["iam:ListRolePolicies", "iam:ListAttachedRolePolicies"],
  ],
  "aws:iam/rolePolicy:RolePolicy": ["iam:PutRolePolicy", "iam:GetRolePolicy"],
};
const replication = {
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": [
    "s3:PutReplicationConfiguration",
    "iam:PassRole",
  ],
};
const archives = [
  ...["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
  ...["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
];
const locks = ["s3:PutBucketObjectLockConfiguration", "s3:PutObjectRetention", "s3:GetObjectRetention"];
const key = ["kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt"];

/** What `up` makes at AWS with these settings, by type, and what it must be allowed for each. */
export function rightsByKind({
  environment,
  backup: { bucket },
}: Settings): Record<string, readonly string[]> {
  return {
    ...guarded,
    ...(environment === "production" || bucket.accessLogs !== undefined ? logging : {}),
    ...(bucket.replicaRegion === undefined ? {} : { ...role, ...replication }),
    ...(bucket.backupRole === undefined ? {} : role),
  };
}

/** Every right that `up` and the archives after it need. */
export function rightsNeeded(settings: Settings): string[] {
  return [
    ...Object.values(rightsByKind(settings)).flat(),
    ...archives,
    ...(settings.environment === "production" ? locks : []),
    ...(settings.backup.bucket.kmsKey === undefined ? [] : key),
  ];
}
