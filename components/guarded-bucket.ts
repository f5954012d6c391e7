import * as aws from "./aws";
import * as pulumi from "@pulumi/pulumi";
import type { BucketEncryption } from "./bucket-policy";

export interface GuardedBucketArgs {
  bucket: pulumi.Input<string>;
  tags: Record<string, string>;
  encryption: BucketEncryption;
  /** Objects in it can be locked. */
  locked: boolean;
  /** It was there before, made by somebody else. */
  adopted?: boolean;
}

/** A bucket that keeps versions, encrypts, and is closed to the public; its parts have the options that make sense for them. */
export function guardedBucket(
  name: string,
  { bucket: wanted, tags, encryption, locked, adopted = false }: GuardedBucketArgs,
  options: pulumi.CustomResourceOptions,
): { bucket: aws.Bucket; parts: pulumi.Resource[] } {
  const { parent, provider, retainOnDelete } = options;
  const part: pulumi.CustomResourceOptions = {
    ...(parent ? { parent } : {}),
    ...(provider ? { provider } : {}),
    // What is kept must not be laid open by a destroy.
    ...(retainOnDelete === undefined ? {} : { retainOnDelete }),
  };
  const bucket = new aws.Bucket(
    name,
    { bucket: wanted, tags, ...(locked ? { objectLockEnabled: true } : {}) },
    // To the vendor's plugin another value is another bucket; what is there gets its locks by a part below.
    { ...options, ignoreChanges: ["objectLockEnabled"] },
  );
  const of = { bucket: bucket.bucket };
  const { kmsKey } = encryption;
  const applied =
    kmsKey === undefined ? { sseAlgorithm: "AES256" } : { sseAlgorithm: "aws:kms", kmsMasterKeyId: kmsKey };
  const versioning = new aws.BucketVersioning(
    `${name}-versioning`,
    { ...of, versioningConfiguration: { status: "Enabled" } },
    part,
  );
  const parts = [
    versioning,
    new aws.BucketOwnershipControls(
      `${name}-ownership`,
      { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
      part,
    ),
    new aws.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        ...of,
        rules: [
          { applyServerSideEncryptionByDefault: applied, ...(kmsKey ? { bucketKeyEnabled: true } : {}) },
        ],
      },
      part,
    ),
    new aws.BucketPublicAccessBlock(
      `${name}-access`,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      part,
    ),
    ...(locked && adopted ? [lockable(name, of, { ...part, dependsOn: versioning })] : []),
  ];
  return { bucket, parts };
}

/** Without a rule: each archive is locked by whoever puts it there. */
function lockable(
  name: string,
  of: { bucket: pulumi.Output<string> },
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new aws.BucketObjectLockConfiguration(
    `${name}-lock`,
    { ...of, objectLockEnabled: "Enabled" },
    options,
  );
}
