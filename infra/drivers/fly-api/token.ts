import type { Secret } from "../../support";

/** The value of the authorization header: Fly's newer tokens have a scheme of their own. */
export function authorization(token: Secret): string {
  const text = token.reveal().trim();
  if (/^(FlyV1|Bearer) /.test(text)) return text;
  return /^(fm1r|fm1a|fm2)_/.test(text) ? `FlyV1 ${text}` : `Bearer ${text}`;
}
