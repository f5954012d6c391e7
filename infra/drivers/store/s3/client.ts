import type { S3Client } from "@aws-sdk/client-s3";
import type { S3Place } from "./place";

// Slow to load: only who keeps archives there pays for it.
export function sdk(): typeof import("@aws-sdk/client-s3") {
  // It is pinned: which Node its later releases want is no news for whoever waits for a backup.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  return require("@aws-sdk/client-s3") as typeof import("@aws-sdk/client-s3");
}

/** A client of the place's service; passing failures of single requests are tried again by the SDK. */
export function openClient({ endpoint, region, credentials }: S3Place): S3Client {
  const { S3Client } = sdk();
  return new S3Client({
    region,
    // With its growing pauses some six seconds: a router that restarts is no reason to lose an archive.
    maxAttempts: 8,
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
