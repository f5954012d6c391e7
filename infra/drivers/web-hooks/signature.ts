import { createHmac, timingSafeEqual } from "node:crypto";

/** The header that proves who sent a document, and when. */
export const signatureHeader = "Dnd-Signature";

/** "t=<seconds>,v1=<hex>": HMAC-SHA256 of "<seconds>.<body>". */
export function signBody(body: string, secret: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `t=${seconds},v1=${digest(secret, seconds, body)}`;
}

/** Whether a document was signed with this secret, and lately: what a receiver asks. */
export function isSignedBy(
  signature: string,
  { body, secret, now, toleranceMs = 300_000 }: SignedDocument,
): boolean {
  const [, seconds = "", given = ""] = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
  if (given === "" || Math.abs(now.getTime() - Number(seconds) * 1000) > toleranceMs) return false;
  return timingSafeEqual(Buffer.from(given), Buffer.from(digest(secret, Number(seconds), body)));
}

interface SignedDocument {
  body: string;
  secret: string;
  now: Date;
  /** How far sender's and receiver's clocks may be apart; five minutes unless given. */
  toleranceMs?: number;
}

function digest(secret: string, seconds: number, body: string): string {
  return createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
}
