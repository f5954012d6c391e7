import { OperatorError, Secret } from "../../../support";

export type S3Encryption = { kind: "AES256" } | { kind: "KMS"; key?: string };

/** Where in which S3 service archives are kept; what is undefined is left to the SDK's own search. */
export interface S3Place {
  bucket: string;
  /** Without a slash at either end; empty for the whole bucket. */
  prefix: string;
  endpoint?: string | undefined;
  region: string;
  credentials?:
    { accessKeyId: string; secretAccessKey: Secret; sessionToken?: Secret | undefined } | undefined;
  encryption?: S3Encryption | undefined;
  /** GOVERNANCE can be lifted by who has that right, COMPLIANCE by nobody. */
  lockMode?: "GOVERNANCE" | "COMPLIANCE" | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `s3://bucket/prefix?endpoint=…&region=…&encryption=AES256|KMS&key=…&lock=governance|compliance`; keys only ever come from the environment. */
export function parsePlace(address: string, environment: Environment = process.env): S3Place {
  const url = parseUrl(address);
  const asked = url.searchParams;
  const bucket = url.hostname || environment.S3_BUCKET;
  if (!bucket) throw unreadable("it names no bucket, and S3_BUCKET is not set");
  if (url.username || url.password) throw unreadable("keys do not belong into an address");
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = environment;
  return {
    bucket,
    prefix: decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, ""),
    endpoint: asked.get("endpoint") ?? environment.S3_ENDPOINT ?? AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL,
    region: asked.get("region") ?? environment.S3_REGION ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? "us-east-1",
    credentials: credentialsIn(environment),
    lockMode: lockModeOf(asked.get("lock")),
    encryption: encryptionOf(asked.get("encryption"), asked.get("key")),
  };
}

function parseUrl(address: string): URL {
  try {
    // A bucket's name may be left to S3_BUCKET: "s3:///prefix".
    return new URL(address);
  } catch {
    throw unreadable("it is no address");
  }
}

/** AWS_* keys, profiles and roles are found by the SDK itself, session token and all. */
function credentialsIn({ S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }: Environment): S3Place["credentials"] {
  if (!S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY) return undefined;
  return { accessKeyId: S3_ACCESS_KEY_ID, secretAccessKey: new Secret(S3_SECRET_ACCESS_KEY) };
}

function encryptionOf(kind: string | null, key: string | null): S3Encryption | undefined {
  if (kind === null) return undefined;
  if (kind === "AES256") return { kind };
  if (kind === "KMS") return key === null ? { kind } : { kind, key };
  throw unreadable(`its encryption is ${kind}, and only AES256 and KMS are known`);
}

function lockModeOf(given: string | null): S3Place["lockMode"] {
  if (given === null || given === "governance") return "GOVERNANCE";
  if (given === "compliance") return "COMPLIANCE";
  throw unreadable(`its lock is ${given}, and only governance and compliance are known`);
}

function unreadable(why: string): OperatorError {
  return new OperatorError({
    code: "store-address",
    kind: "usage",
    message: `the S3 address of the store cannot be used: ${why}`,
    remedy: "Set backup.store to an address such as s3://bucket/prefix?region=eu-central-1.",
  });
}
