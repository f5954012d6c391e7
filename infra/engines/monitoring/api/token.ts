import { createHash, timingSafeEqual } from "node:crypto";
import type { Secret } from "../../../support";

/** Whether a request carries this token as its bearer; how long that takes says nothing of how much of it was right. */
export function carriesToken(request: Request, token: Secret): boolean {
  const [scheme, given] = (request.headers.get("authorization") ?? "").split(" ", 2);
  const same = timingSafeEqual(digest(given ?? ""), digest(token.reveal()));
  return same && scheme?.toLowerCase() === "bearer";
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
