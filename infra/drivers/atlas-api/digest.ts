import { createHash, randomBytes } from "node:crypto";
import type { Secret } from "../../support";

/** What a server asks for before it lets anybody in (RFC 7616). */
export interface DigestChallenge {
  realm: string;
  nonce: string;
  opaque: string | undefined;
  algorithm: "MD5" | "SHA-256";
  /** Absent from servers of the older scheme. */
  qop: "auth" | undefined;
}

const field = /(\w+)=(?:"([^"]*)"|([^\s,]+))/g;

/** The challenge of a WWW-Authenticate header; undefined where it has none that we can answer. */
export function digestChallenge(header: string | null): DigestChallenge | undefined {
  const start = header?.search(/\bDigest\s/i) ?? -1;
  if (header === null || start < 0) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = "", quoted, bare] of header.slice(start).matchAll(field))
    fields.set(name.toLowerCase(), quoted ?? bare ?? "");

  const realm = fields.get("realm");
  const nonce = fields.get("nonce");
  const algorithm = (fields.get("algorithm") ?? "MD5").toUpperCase();
  const offered = fields.get("qop") ?? fields.get("op");
  const qop = offered?.split(/\s*,\s*/).includes("auth") ? "auth" : undefined;
  if (realm === undefined || !nonce || (offered !== undefined && qop === undefined)) return undefined;
  if (algorithm !== "MD5" && algorithm !== "SHA-256") return undefined;
  return { realm, nonce, opaque: fields.get("opaque"), algorithm, qop };
}

export interface DigestQuestion {
  challenge: DigestChallenge;
  user: string;
  password: Secret;
  method: string;
  /** Path and query, as they stand in the request. */
  uri: string;
  /** How many requests have used this nonce, this one counted. */
  count: number;
}

/** The Authorization header that shows the password without sending it. */
export function digestAnswer({ challenge, user, password, method, uri, count }: DigestQuestion): string {
  const { realm, nonce, opaque, algorithm, qop } = challenge;
  const hash = (text: string) =>
    createHash(algorithm === "MD5" ? "md5" : "sha256")
      .update(text)
      .digest("hex");
  const who = hash(`${user}:${realm}:${password.reveal()}`);
  const what = hash(`${method}:${uri}`);
  const nc = count.toString(16).padStart(8, "0");
  const cnonce = randomBytes(16).toString("hex");
  const response = hash(qop ? `${who}:${nonce}:${nc}:${cnonce}:${qop}:${what}` : `${who}:${nonce}:${what}`);

  const parts = [
    `username="${user}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `algorithm=${algorithm}`,
    `response="${response}"`,
    ...(qop ? [`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`] : []),
    ...(opaque === undefined ? [] : [`opaque="${opaque}"`]),
  ];
  return `Digest ${parts.join(", ")}`;
}
