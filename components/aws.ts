// By their own files: the index of the package loads those of every service that AWS has.
export { Bucket } from "@pulumi/aws/s3/bucket";
export { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy";
export { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning";
export { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls";
export { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration";
export { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock";
export { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration";
export { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration";
export { BucketLogging } from "@pulumi/aws/s3/bucketLogging";
export { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig";
export { Role } from "@pulumi/aws/iam/role";
export { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
export { Provider } from "@pulumi/aws/provider";
export { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
export type { Region } from "@pulumi/aws";
