import { createHash, createHmac } from "node:crypto";
import type { AwsCredentials } from "./contract";

export interface SignedRequest {
  url: URL;
  body: string;
  headers: Record<string, string>;
  service: string;
  region: string;
  at: Date;
}

/** The headers of a POST with its signature, version 4 of AWS' way to sign. */
export function signed(
  { url, body, headers, service, region, at }: SignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
): Record<string, string> {
  const time = at.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const day = time.slice(0, 8);
  const all: Record<string, string> = {
    ...headers,
    host: url.host,
    "x-amz-date": time,
    ...(sessionToken ? { "x-amz-security-token": sessionToken.reveal() } : {}),
  };
  const names = Object.keys(all).sort();
  const listed = names.join(";");
  const lines = names.map((name) => `${name}:${all[name]?.trim() ?? ""}\n`).join("");
  const canonical = ["POST", url.pathname, url.searchParams.toString(), lines, listed, hash(body)].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, hash(canonical)].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(
    (derived, part) => mac(derived, part),
    `AWS4${secretAccessKey.reveal()}`,
  );
  const signature = mac(key, text).toString("hex");
  const { host: _host, ...sent } = all;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${listed}, Signature=${signature}`,
  };
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function mac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
