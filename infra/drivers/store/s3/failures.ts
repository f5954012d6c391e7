import { OperatorError, messageOf } from "../../../support";

interface Failure {
  name?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

const remedies: Record<string, { code: string; what: string; remedy: string }> = {};

function known(names: readonly string[], code: string, what: string, remedy: string): void {
  for (const name of names) remedies[name] = { code, what, remedy };
}

known(
  [
    // The first is versitygw's word for the second.
    "XAdminUserNotFound",
    "InvalidAccessKeyId",
    "SignatureDoesNotMatch",
    "ExpiredToken",
    "InvalidToken",
    "CredentialsProviderError",
  ],
  "store-wrong-keys",
  "does not accept the keys",
  "Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY (or AWS_*) to keys that are valid there.",
);
known(
  ["NoSuchBucket"],
  "store-no-bucket",
  "has no such bucket",
  "Create the bucket, or correct its name in backup.store.",
);
known(
  ["AccessDenied", "Forbidden", "AllAccessDisabled"],
  "store-no-permission",
  "does not permit it",
  "Give these keys the rights to list, read, write and delete below that prefix.",
);
known(
  ["AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException"],
  "store-wrong-region",
  "is in another region",
  "Name its region in the address: s3://bucket/prefix?region=…",
);
known(
  ["RequestTimeTooSkewed"],
  "store-clock-skew",
  "finds this machine's clock wrong",
  "Set the clock of this machine (by NTP) and run the command again.",
);
known(
  ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "TimeoutError"],
  "store-unreachable",
  "cannot be reached",
  "Check the endpoint (S3_ENDPOINT) and the network, then run the command again.",
);

/** A failure of an S3 service, told by what is wrong with it. */
export function s3Failure(location: string, cause: unknown): unknown {
  if (cause instanceof OperatorError || !(cause instanceof Error)) return cause;
  if (cause.name === "AbortError") return cause;
  const { name, code, $metadata } = cause as Failure;
  const forbidden = $metadata?.httpStatusCode === 403 ? remedies.AccessDenied : undefined;
  const found = remedies[name ?? ""] ?? remedies[code ?? ""] ?? forbidden;
  return new OperatorError({
    code: found?.code ?? "store-failed",
    message: `the store ${location} ${found?.what ?? "failed"}: ${messageOf(cause)}`,
    remedy: found?.remedy ?? "Look at the S3 service, then run the command again.",
    cause,
  });
}

export function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as Failure;
  return name === "NoSuchKey" || (name === "NotFound" && $metadata?.httpStatusCode === 404);
}

/** The answer to a write that is only to be where nothing is. */
export function isThereAlready(error: unknown): boolean {
  return (error as Failure).name === "PreconditionFailed";
}

/** A service that does not know how to write only where nothing is. */
export function knowsNoCondition(error: unknown): boolean {
  const { name, $metadata } = error as Failure;
  return name === "NotImplemented" || $metadata?.httpStatusCode === 501;
}

const cut = [
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "TimeoutError",
  "NetworkingError",
];

/** What another try may mend: the network and the service's own failures, never a refusal. */
export function isPassing(error: unknown): boolean {
  const { code, name, $metadata } = error as Failure;
  const status = $metadata?.httpStatusCode;
  if (status === undefined) return cut.includes(code ?? "") || cut.includes(name ?? "");
  return status >= 500 || status === 408 || status === 429 || status === 200;
}
