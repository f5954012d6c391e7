import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface BackupBucketArgs {
  environment: string;
  /** Bucket names are one space for the whole world; default `dnd-tracker-<environment>-<account>`. */
  bucket?: string | undefined;
}

/** Days after which a version that retention has given up is really gone. */
const nonCurrentDays = 30;

/** Where archives are kept: versioned, encrypted, closed to the public, reached by TLS alone, and never destroyed with the stack. */
export class BackupBucket extends pulumi.ComponentResource {
  readonly address: pulumi.Output<string>;

  constructor(name: string, args: BackupBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:BackupStore", name, {}, options);
    const parent = { parent: this };
    const data = { ...parent, protect: args.environment === "production", retainOnDelete: true };
    const tags = { app: "dnd-tracker", environment: args.environment, purpose: "backups" };

    const bucket = new aws.s3.Bucket(
      name,
      { bucket: args.bucket ?? defaultName(args.environment), tags },
      data,
    );
    const of = { bucket: bucket.bucket };
    new aws.s3.BucketVersioning(
      `${name}-versioning`,
      { ...of, versioningConfiguration: { status: "Enabled" } },
      parent,
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
      parent,
    );
    const closed = new aws.s3.BucketPublicAccessBlock(
      `${name}-access`,
      {
        ...of,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      parent,
    );
    new aws.s3.BucketPolicy(
      `${name}-tls`,
      { ...of, policy: bucket.arn.apply(tlsOnly) },
      { ...parent, dependsOn: closed },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      {
        ...of,
        rules: [
          {
            id: "given-up",
            status: "Enabled",
            filter: { prefix: "" },
            noncurrentVersionExpiration: { noncurrentDays: nonCurrentDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
          },
        ],
      },
      parent,
    );

    this.address = pulumi.interpolate`s3://${bucket.bucket}`;
    this.registerOutputs({ address: this.address });
  }
}

function defaultName(environment: string): pulumi.Output<string> {
  const account = aws.getCallerIdentityOutput().accountId;
  return pulumi.interpolate`dnd-tracker-${environment}-${account}`;
}

function tlsOnly(arn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
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
