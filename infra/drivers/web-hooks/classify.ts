import { retryAfter, type SmallAnswer } from "../../support";
import type { SendOutcome } from "./contract";

/** Nobody is kept waiting longer than this by a service that asks for it. */
const waitAtMostMs = 3_600_000;
const shownAtMost = 200;
/** Turned away before anything was done with the document. */
const turnedAway = new Set([408, 425, 429, 503]);

/** What a service's status means for the document that was posted. */
export function classifyStatus({ status, headers, text }: SmallAnswer): SendOutcome {
  const said = text
    .replace(/\p{C}+/gu, " ")
    .trim()
    .slice(0, shownAtMost);
  const detail = said === "" ? `answered ${status}` : `answered ${status}: ${said}`;
  if (status >= 200 && status < 300) return { kind: "delivered", detail: `answered ${status}` };
  const asked = retryAfter(headers["retry-after"] ?? null);
  const wait = asked === undefined ? {} : { afterMs: Math.min(asked, waitAtMostMs) };
  // Some say "too often" by 403, and when to come again.
  if (turnedAway.has(status) || (status === 403 && asked !== undefined))
    return { kind: "later", detail, ...wait };
  // A server that fell over, or a gateway before it, may have done its work.
  if (status >= 500) return { kind: "unknown", detail, ...wait };
  return { kind: "refused", detail };
}
