import * as aws from "./aws";
import type * as pulumi from "@pulumi/pulumi";

export interface BucketEncryption {
  /** A key of AWS KMS; AES256 without one. */
  kmsKey?: pulumi.Input<string> | undefined;
}

/** Nobody comes without TLS, and nothing is put in that is not encrypted as it should be; a copy is encrypted by the bucket itself. */
export function bucketPolicy(
  name: string,
  bucket: aws.Bucket,
  encryption: BucketEncryption | "by the bucket",
  options: pulumi.CustomResourceOptions,
): aws.BucketPolicy {
  const policy = bucket.arn.apply((arn) => JSON.stringify(document(arn, encryption)));
  return new aws.BucketPolicy(name, { bucket: bucket.bucket, policy }, options);
}

function document(arn: string, encryption: BucketEncryption | "by the bucket"): object {
  const deny = { Effect: "Deny", Principal: "*" };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        ...deny,
        Sid: "TlsOnly",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      {
        ...deny,
        Sid: "RecentTlsOnly",
        Action: "s3:*",
        Resource: [arn, `${arn}/*`],
        Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } },
      },
      ...(encryption === "by the bucket" ? [] : [{ ...deny, ...encryptedUploads(arn, encryption) }]),
    ],
  };
}

function encryptedUploads(arn: string, { kmsKey }: BucketEncryption): object {
  const algorithm = kmsKey === undefined ? "AES256" : "aws:kms";
  return {
    Sid: "EncryptedUploadsOnly",
    Action: "s3:PutObject",
    Resource: `${arn}/*`,
    Condition: { StringNotEquals: { "s3:x-amz-server-side-encryption": algorithm } },
  };
}
