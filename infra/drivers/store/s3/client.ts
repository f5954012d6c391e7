import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Place } from "./place";

// Slow to load: only who keeps archives there pays for it.
export const sdk = () => require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3");

/** A client of the place's service; passing failures of single requests are tried again by the SDK. */
export function openClient({ endpoint, region, credentials }: S3Place): S3Client {
  const { S3Client } = sdk();
  return new S3Client({
    region,
    maxAttempts: 4,
    // Checksums that other services than AWS know are set by hand where they count.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(credentials && {
      credentials: {
        accessKeyId: credentials.accessKeyId,
        secretAccessKey: credentials.secretAccessKey.reveal(),
        ...(credentials.sessionToken && { sessionToken: credentials.sessionToken.reveal() }),
      },
    }),
  });
}
