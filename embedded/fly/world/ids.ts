import { createHash, randomBytes } from "node:crypto";

const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

let lastTime = 0;
let lastTail = 0n;

/** 26 characters that sort by time, also within one millisecond. */
export function sortableId(now: number): string {
  if (now > lastTime) {
    lastTime = now;
    lastTail = BigInt(`0x${randomBytes(9).toString("hex")}`);
  } else lastTail++;
  return spell(BigInt(lastTime), 10) + spell(lastTail, 16);
}

function spell(value: bigint, length: number): string {
  let text = "";
  for (let n = 0; n < length; n++, value >>= 5n) text = (crockford[Number(value & 31n)] ?? "0") + text;
  return text;
}

export function machineId(): string {
  return randomBytes(7).toString("hex");
}

export function volumeId(): string {
  return `vol_${randomBytes(8).toString("hex")}`;
}

export function nonce(): string {
  return randomBytes(6).toString("hex");
}

/** The short digest by which one value of a secret is told from another. */
export function shortDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

export function imageDigest(image: string): string {
  return `sha256:${createHash("sha256").update(image).digest("hex")}`;
}
