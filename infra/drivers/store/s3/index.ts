export { bucketState, type BucketState } from "./bucket-state";
export { parsePlace, type S3Encryption, type S3Place } from "./place";
export { S3Store } from "./s3-store";
