import { OperatorError, Secret } from "../../../support";

export type S3Encryption = { kind: "AES256" } | { kind: "KMS"; key?: string };

/** GOVERNANCE can be lifted by who has that right, COMPLIANCE by nobody. */
export interface S3Lock {
  mode: "GOVERNANCE" | "COMPLIANCE";
  days: number;
}

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
  /** For how long nobody can delete an archive, in a bucket with object lock. */
  lock?: S3Lock | undefined;
  /** Where in the environment the keys of this one service stand: NAME_ACCESS_KEY_ID and NAME_SECRET_ACCESS_KEY. */
  keys?: string | undefined;
}

const usualRegion = "us-east-1";

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads `s3://bucket/prefix?endpoint=…&region=…&encryption=AES256|KMS&key=…&lock=governance|compliance&lock-days=…&keys=NAME`; keys only ever come from the environment. */
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
    region: asked.get("region") ?? environment.S3_REGION ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? usualRegion,
    ...keysOf(asked.get("keys"), environment),
    lock: lockOf(asked.get("lock"), asked.get("lock-days")),
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

/** Stores of several services have keys of their own each. */
function keysOf(keys: string | null, environment: Environment): Pick<S3Place, "credentials" | "keys"> {
  if (keys === null) return { credentials: credentialsIn(environment) };
  if (!/^[A-Z][A-Z0-9_]*$/.test(keys)) throw unreadable(`its keys are ${keys}, and no name of variables`);
  const [id, secret] = [`${keys}_ACCESS_KEY_ID`, `${keys}_SECRET_ACCESS_KEY`];
  const [S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY] = [environment[id], environment[secret]];
  if (!S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY)
    throw unreadable(`its keys are to stand in ${id} and ${secret}, which are not set`);
  return { keys, credentials: credentialsIn({ S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY }) };
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

/** As long as archives are kept unless a setting says otherwise. */
const usualLockDays = "7";

function lockOf(kind: string | null, given: string | null): S3Lock | undefined {
  if (kind === null) return undefined;
  const days = Number(given ?? usualLockDays);
  if (!Number.isInteger(days) || days < 1) throw unreadable("its lock-days are no whole number, 1 or more");
  if (kind === "governance") return { mode: "GOVERNANCE", days };
  if (kind === "compliance") return { mode: "COMPLIANCE", days };
  throw unreadable(`its lock is ${kind}, and only governance and compliance are known`);
}

/** What a person types to get to a place or to an object in it; what everybody has is left out. */
export function addressIn({ bucket, prefix, endpoint, region, keys }: S3Place, name = ""): string {
  const asked = new URLSearchParams({
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== usualRegion && { region }),
    ...(keys !== undefined && { keys }),
  })
    .toString()
    // Both may stand in a query as they are, and read better.
    .replace(/%3A/g, ":")
    .replace(/%2F/g, "/");
  const path = [bucket, prefix, name].filter(Boolean).join("/");
  return `s3://${path}${asked && `?${asked}`}`;
}

function unreadable(why: string): OperatorError {
  return new OperatorError({
    code: "store-address",
    kind: "usage",
    message: `the S3 address of the store cannot be used: ${why}`,
    remedy: "Set backup.store to an address such as s3://bucket/prefix?region=eu-central-1.",
  });
}
