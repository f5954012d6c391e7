import * as aws from "./aws";
import * as pulumi from "@pulumi/pulumi";
import { accessLogBucket } from "./access-log-bucket";
import { bucketAddress } from "./bucket-address";
import { bucketName } from "./bucket-name";
import { backupRole, type BackupRoleArgs } from "./backup-role";
import { bucketPolicy, type BucketEncryption } from "./bucket-policy";
import { bucketReplica } from "./bucket-replica";
import { givenUp } from "./given-up";
import { guardedBucket } from "./guarded-bucket";
import { takenOver } from "./kept-bucket";
import { tagsOf } from "./tags";

export interface BackupBucketArgs {
  environment: string;
  /** Bucket names are one space for the whole world; default `dnd-tracker-<environment>-<account>`. */
  bucket?: string | undefined;
  /** What an address of the store says beside the bucket, such as a region. */
  folder?: string | undefined;
  /** Takes over a bucket that is there. */
  adopt: boolean;
  /** Buckets that have outlived the stack: of these, its own are taken over. */
  kept?: readonly string[] | undefined;
  /** A key of AWS KMS; AES256 without one. */
  kmsKey?: pulumi.Input<string> | undefined;
  /** The class of storage that archives move to after 30 days; it answers at once. */
  archiveClass: "STANDARD_IA" | "GLACIER_IR" | "none";
  /** A bucket for the log of requests; production makes one where none is given. */
  accessLogs?: pulumi.Input<string> | undefined;
  replicaRegion?: string | undefined;
  /** For how many days nobody deletes an archive by mistake; production alone locks. */
  lockDays: number;
  /** Who may take the role that makes backups; nobody without it. */
  backupRole?: Omit<BackupRoleArgs, "bucketArn" | "environment" | "kmsKey"> | undefined;
}

/** AWS moves nothing earlier to a cheaper class. */
const archiveAfterDays = 30;

/** Where archives are kept: versioned, encrypted, closed to the public, reached by TLS alone, and never destroyed with the stack. */
export class BackupBucket extends pulumi.ComponentResource {
  /** As the store's setting would be written; known before the bucket is made. */
  readonly address: pulumi.Output<string>;
  /** The same, known once archives can be put there. */
  readonly ready: pulumi.Output<string>;
  /** Null where nobody may take it. */
  readonly roleArn: pulumi.Output<string> | null;

  constructor(name: string, args: BackupBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:BackupStore", name, {}, options);
    const { environment, kmsKey, lockDays, kept = [] } = args;
    const production = environment === "production";
    const encryption: BucketEncryption = { kmsKey };
    const parent = { parent: this };
    const wanted = pulumi.output(args.bucket ?? bucketName(environment));
    const besides = (ending: string) => takenOver(args.bucket && `${args.bucket}-${ending}`, kept);
    const { bucket, parts } = guardedBucket(
      name,
      {
        ...{ bucket: wanted, tags: tagsOf(environment, "backups"), encryption },
        ...{ locked: production, adopted: args.adopt },
      },
      {
        ...parent,
        protect: production,
        retainOnDelete: true,
        ...takenOver(args.bucket, args.adopt && args.bucket !== undefined ? [args.bucket] : kept),
      },
    );
    const of = { bucket: bucket.bucket };
    // A bucket that outlives its stack keeps what guards it.
    const guard = { ...parent, dependsOn: parts, retainOnDelete: true };
    const policy = bucketPolicy(`${name}-tls`, bucket, encryption, guard);
    const lifecycle = new aws.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...of, rules: [givenUp, ...movedToCheaper(args.archiveClass)] },
      guard,
    );
    const logs =
      args.accessLogs ??
      (production
        ? accessLogBucket(name, { source: wanted, environment, taken: besides("logs") }, parent)
        : null);
    if (logs !== null)
      new aws.BucketLogging(
        `${name}-logging`,
        { ...of, targetBucket: logs, targetPrefix: "archives/" },
        parent,
      );
    if (args.replicaRegion !== undefined)
      bucketReplica(
        name,
        { bucket, environment, region: args.replicaRegion, taken: besides(args.replicaRegion) },
        { ...parent, dependsOn: parts },
      );
    this.roleArn =
      args.backupRole === undefined
        ? null
        : backupRole(name, { ...args.backupRole, environment, bucketArn: bucket.arn, kmsKey }, parent);

    const rest = { folder: args.folder, lockDays: production ? lockDays : undefined };
    this.address = pulumi
      .all([wanted, kmsKey])
      .apply(([made, key]) => bucketAddress({ ...rest, bucket: made, kmsKey: key }));
    this.ready = pulumi.all([this.address, bucket.id, policy.id, lifecycle.id]).apply(([address]) => address);
    this.registerOutputs({ address: this.address });
  }
}

/** Current archives move at most to storage that answers at once; only our own retention deletes them. */
function movedToCheaper(archiveClass: BackupBucketArgs["archiveClass"]) {
  if (archiveClass === "none") return [];
  const transitions = [{ days: archiveAfterDays, storageClass: archiveClass }];
  return [{ id: "cheaper", status: "Enabled", filter: { prefix: "" }, transitions }];
}
