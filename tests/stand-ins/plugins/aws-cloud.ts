import type { S3Client } from "@aws-sdk/client-s3";
import { sdk } from "../../../infra/drivers/store/s3/client";
import type { Cloud, Kind, Properties } from "./cloud";

export const accountId = "111122223333";

/** AWS as far as a stack uses it: buckets are really made on an S3 server, the rest is remembered. */
export function awsCloud(s3: S3Client): Cloud {
  return {
    npmPackage: "@pulumi/aws",
    kinds: {
      "aws:s3/bucket:Bucket": bucketsOn(s3),
      "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
      "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
      "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
      "aws:s3/bucketLogging:BucketLogging": ofBucket,
      "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": locksOn(s3),
      "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ofBucket,
      "aws:iam/role:Role": named("role"),
      "aws:iam/rolePolicy:RolePolicy": { identity: ["role", "name"] },
      "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
        identity: ["url"],
        create: ({ url }) => {
          const arn = `arn:aws:iam::${accountId}:oidc-provider/${String(url).replace("https://", "")}`;
          return { id: arn, outputs: { arn } };
        },
      },
    },
    functions: {
      "aws:index/getCallerIdentity:getCallerIdentity": () => ({
        id: accountId,
        accountId,
        arn: `arn:aws:iam::${accountId}:user/trial`,
        userId: "AIDATRIAL",
      }),
    },
  };
}

/** A part of a bucket, which is there once for each. */
const ofBucket: Kind = {
  identity: ["bucket"],
  create: ({ bucket }) => ({ id: String(bucket) }),
};

function named(kind: string): Kind {
  return {
    identity: ["name"],
    create: ({ name }) => ({
      id: String(name),
      outputs: { arn: `arn:aws:iam::${accountId}:${kind}/${String(name)}` },
    }),
  };
}

function bucketsOn(s3: S3Client): Kind {
  const { CreateBucketCommand, DeleteBucketCommand, HeadBucketCommand, GetObjectLockConfigurationCommand } =
    sdk();
  const shown = (bucket: string): Properties => ({
    bucket,
    arn: `arn:aws:s3:::${bucket}`,
    region: "us-east-1",
  });
  return {
    identity: ["bucket", "objectLockEnabled"],
    async create({ bucket, objectLockEnabled }) {
      const name = String(bucket);
      await s3.send(
        new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: objectLockEnabled === true }),
      );
      return { id: name, outputs: shown(name) };
    },
    async delete(id) {
      await s3.send(new DeleteBucketCommand({ Bucket: id }));
    },
    async find(id) {
      const there = await s3.send(new HeadBucketCommand({ Bucket: id })).then(
        () => true,
        () => false,
      );
      if (!there) return undefined;
      // As the plugin reads it: the name, and whether objects in it can be locked.
      const locked = await s3.send(new GetObjectLockConfigurationCommand({ Bucket: id })).then(
        ({ ObjectLockConfiguration: found }) => found?.ObjectLockEnabled === "Enabled",
        () => false,
      );
      return { inputs: { bucket: id, objectLockEnabled: locked }, outputs: shown(id) };
    },
  };
}

function locksOn(s3: S3Client): Kind {
  const { PutObjectLockConfigurationCommand } = sdk();
  return {
    ...ofBucket,
    async create({ bucket }) {
      const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" } as const;
      await s3.send(
        new PutObjectLockConfigurationCommand({ Bucket: String(bucket), ObjectLockConfiguration }),
      );
      return { id: String(bucket) };
    },
  };
}
