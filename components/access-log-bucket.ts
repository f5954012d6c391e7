import * as aws from "./aws";
import * as pulumi from "@pulumi/pulumi";
import { guardedBucket } from "./guarded-bucket";
import type { TakenOver } from "./kept-bucket";
import { tagsOf } from "./tags";

const keptDays = 365;

export interface AccessLogBucketArgs {
  /** Whose requests are written down. */
  source: pulumi.Output<string>;
  environment: string;
  /** Where the log has outlived its stack. */
  taken: TakenOver;
}

/** A bucket beside another one for the log of who asked it for what, which AWS itself writes. */
export function accessLogBucket(
  name: string,
  { source, environment, taken }: AccessLogBucketArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { bucket, parts } = guardedBucket(
    `${name}-logs`,
    {
      bucket: pulumi.interpolate`${source}-logs`,
      tags: tagsOf(environment, "access-logs"),
      encryption: {},
      locked: false,
    },
    { ...options, protect: environment === "production", retainOnDelete: true, ...taken },
  );
  const of = { bucket: bucket.bucket };
  new aws.BucketPolicy(
    `${name}-logs-policy`,
    { ...of, policy: pulumi.all([bucket.arn, source]).apply(([arn, from]) => document(arn, from)) },
    { ...options, dependsOn: parts },
  );
  new aws.BucketLifecycleConfiguration(
    `${name}-logs-lifecycle`,
    {
      ...of,
      rules: [
        {
          id: "old",
          status: "Enabled",
          filter: { prefix: "" },
          expiration: { days: keptDays },
          noncurrentVersionExpiration: { noncurrentDays: 7 },
        },
      ],
    },
    options,
  );
  return bucket.bucket;
}

function document(arn: string, source: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "LogsOfTheArchives",
        Effect: "Allow",
        Principal: { Service: "logging.s3.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: `${arn}/*`,
        Condition: { ArnLike: { "aws:SourceArn": `arn:aws:s3:::${source}` } },
      },
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
