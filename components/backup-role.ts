import * as aws from "./aws";
import * as pulumi from "@pulumi/pulumi";
import { tagsOf } from "./tags";

export interface BackupRoleArgs {
  environment: string;
  bucketArn: pulumi.Output<string>;
  /** The key of AWS KMS that archives are encrypted with, where there is one. */
  kmsKey?: pulumi.Input<string> | undefined;
  /** https://… of who vouches for whoever takes the role. */
  issuer: string;
  audience: string;
  /** Whom it must vouch for. */
  subject: string;
}

/** A role that one workflow may take by OpenID Connect, and that may do with the archives what backups need; no key is kept anywhere. */
export function backupRole(
  name: string,
  args: BackupRoleArgs,
  options: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const { environment, issuer, audience, subject, bucketArn, kmsKey } = args;
  // The account has one of each issuer, which other stacks use too.
  const voucher = aws.getCallerIdentityOutput().accountId.apply((account) => {
    const host = issuer.replace("https://", "");
    return { arn: `arn:aws:iam::${account}:oidc-provider/${host}`, host };
  });
  const assumeRolePolicy = voucher.apply(({ arn, host }) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: subject } },
        },
      ],
    }),
  );
  const role = new aws.Role(
    `${name}-role`,
    {
      name: `dnd-tracker-${environment}-backups`,
      assumeRolePolicy,
      maxSessionDuration: 3600,
      tags: tagsOf(environment, "backups"),
    },
    options,
  );
  new aws.RolePolicy(
    `${name}-role-rights`,
    { role: role.name, policy: pulumi.all([bucketArn, kmsKey]).apply(([arn, key]) => rights(arn, key)) },
    options,
  );
  return role.arn;
}

/** No right to change the bucket itself, to lift a lock, or to delete a version for good. */
function rights(arn: string, kmsKey: string | undefined): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "List",
        Effect: "Allow",
        Action: ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:GetBucketObjectLockConfiguration"],
        Resource: arn,
      },
      {
        Sid: "Archives",
        Effect: "Allow",
        Action: [
          "s3:GetObject",
          "s3:PutObject",
          "s3:DeleteObject",
          "s3:AbortMultipartUpload",
          "s3:ListMultipartUploadParts",
          "s3:GetObjectRetention",
          "s3:PutObjectRetention",
          // Who may not see that somebody holds an archive would take it for one that may go.
          "s3:GetObjectLegalHold",
        ],
        Resource: `${arn}/*`,
      },
      ...(kmsKey === undefined ? [] : [useOf(kmsKey)]),
    ],
  });
}

/** What is put in asks for a key of its own, and parts of a large archive are opened again. */
function useOf(kmsKey: string): object {
  return {
    Sid: "Key",
    Effect: "Allow",
    Action: ["kms:GenerateDataKey", "kms:Decrypt"],
    Resource: kmsKey,
  };
}
