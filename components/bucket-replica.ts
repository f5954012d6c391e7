import * as aws from "./aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketPolicy } from "./bucket-policy";
import { guardedBucket } from "./guarded-bucket";
import type { TakenOver } from "./kept-bucket";
import { tagsOf } from "./tags";

export interface BucketReplicaArgs {
  bucket: aws.Bucket;
  environment: string;
  region: string;
  /** Where the copy has outlived its stack. */
  taken: TakenOver;
}

/** A copy of a bucket in another region, which AWS keeps up to date; a deletion is not copied. */
export function bucketReplica(
  name: string,
  { bucket, environment, region, taken }: BucketReplicaArgs,
  options: pulumi.CustomResourceOptions,
): void {
  const provider = new aws.Provider(
    `${name}-replica-region`,
    { region: region as aws.Region },
    options.parent ? { parent: options.parent } : {},
  );
  const { bucket: copy, parts } = guardedBucket(
    `${name}-replica`,
    {
      bucket: pulumi.interpolate`${bucket.bucket}-${region}`,
      tags: tagsOf(environment, "backups-replica"),
      encryption: {},
      // AWS copies what is locked only to where it stays locked.
      locked: environment === "production",
    },
    {
      ...(options.parent ? { parent: options.parent } : {}),
      provider,
      protect: environment === "production",
      retainOnDelete: true,
      ...taken,
    },
  );
  const closed = bucketPolicy(`${name}-replica-tls`, copy, "by the bucket", {
    ...(options.parent ? { parent: options.parent } : {}),
    ...{ provider, dependsOn: parts, retainOnDelete: true },
  });
  const role = new aws.Role(
    `${name}-replication`,
    {
      name: pulumi.interpolate`${bucket.bucket}-replication`,
      assumeRolePolicy: assumedBy("s3.amazonaws.com"),
      tags: tagsOf(environment, "backups-replica"),
    },
    options,
  );
  const rights = new aws.RolePolicy(
    `${name}-replication-rights`,
    { role: role.name, policy: pulumi.all([bucket.arn, copy.arn]).apply(([from, to]) => copying(from, to)) },
    options,
  );
  new aws.BucketReplicationConfig(
    `${name}-replication`,
    {
      bucket: bucket.bucket,
      role: role.arn,
      rules: [
        {
          id: "all",
          status: "Enabled",
          priority: 1,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Disabled" },
          destination: { bucket: copy.arn, storageClass: "STANDARD_IA" },
        },
      ],
    },
    { ...options, dependsOn: [rights, closed, ...parts] },
  );
}

function assumedBy(Service: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });
}

function copying(from: string, to: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: from },
      {
        Effect: "Allow",
        Action: [
          "s3:GetObjectVersionForReplication",
          "s3:GetObjectVersionAcl",
          "s3:GetObjectVersionTagging",
          "s3:GetObjectRetention",
          "s3:GetObjectLegalHold",
        ],
        Resource: `${from}/*`,
      },
      { Effect: "Allow", Action: ["s3:ReplicateObject", "s3:ReplicateTags"], Resource: `${to}/*` },
    ],
  });
}
