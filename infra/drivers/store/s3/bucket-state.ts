import type { S3ServiceException } from "@aws-sdk/client-s3";
import { openClient, sdk } from "./client";
import { parsePlace } from "./place";

/** Of a bucket's name: nobody has it, it is there for us, or it is another's. */
export type BucketState = "free" | "there" | "others";

/** Looks whether the bucket of an address is there; throws what else the service says. */
export async function bucketState(address: string, signal: AbortSignal): Promise<BucketState> {
  const place = parsePlace(address);
  const client = openClient(place);
  try {
    await client.send(new (sdk().HeadBucketCommand)({ Bucket: place.bucket }), { abortSignal: signal });
    return "there";
  } catch (error) {
    const status = (error as Partial<S3ServiceException>).$metadata?.httpStatusCode;
    if (status === 404) return "free";
    if (status === 403) return "others";
    // It is there, in another region.
    if (status === 301) return "there";
    throw error;
  } finally {
    client.destroy();
  }
}
