import * as aws from "./aws";
import * as pulumi from "@pulumi/pulumi";
import { bucketName } from "./bucket-name";
import { bucketPolicy } from "./bucket-policy";
import { givenUp } from "./given-up";
import { guardedBucket } from "./guarded-bucket";
import { tagsOf } from "./tags";

export interface UploadsBucketArgs {
  environment: string;
  /** Default `dnd-tracker-<environment>-uploads-<account>`. */
  bucket?: string | undefined;
  /** Takes over a bucket that is there. */
  adopt: boolean;
}

/** Where the app keeps what people upload, apart from the archives: guarded as they are, and never destroyed with the stack. */
export class UploadsBucket extends pulumi.ComponentResource {
  /** The bucket's name, known once things can be put there. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: UploadsBucketArgs, options?: pulumi.ComponentResourceOptions) {
    super("dnd:index:UploadsStore", name, {}, options);
    const { environment } = args;
    const parent = { parent: this };
    const { bucket, parts } = guardedBucket(
      name,
      {
        bucket: args.bucket ?? bucketName(environment, "uploads"),
        tags: tagsOf(environment, "uploads"),
        encryption: {},
        locked: false,
      },
      {
        ...parent,
        protect: environment === "production",
        retainOnDelete: true,
        ...(args.adopt && args.bucket !== undefined ? { import: args.bucket } : {}),
      },
    );
    const guard = { ...parent, dependsOn: parts, retainOnDelete: true };
    const policy = bucketPolicy(`${name}-tls`, bucket, "by the bucket", guard);
    const lifecycle = new aws.BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket: bucket.bucket, rules: [givenUp] },
      guard,
    );
    this.bucket = pulumi.all([bucket.bucket, policy.id, lifecycle.id]).apply(([made]) => made);
    this.registerOutputs({ bucket: this.bucket });
  }
}
