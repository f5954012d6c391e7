import { createHash, randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";

export const publicKey = "pubkey42";
export const privateKey = "canary-private-key-7d1f";
export const clientId = "mdb_sa_id_42";
export const clientSecret = "canary-client-secret-93ab";

interface Nonce {
  lastCount: number;
}

/** Lets requests in by digest or by token, and checks both as the real one does. */
export class AtlasGuard {
  readonly #nonces = new Map<string, Nonce>();
  readonly #tokens = new Set<string>();
  /** How many tokens were given. */
  tokensGiven = 0;

  /** Whether the request shows who sends it; each nonce counts up and is used for this place only. */
  admits({ headers, method = "", url = "" }: IncomingMessage): boolean {
    const authorization = headers.authorization ?? "";
    if (authorization.startsWith("Bearer ")) return this.#tokens.has(authorization.slice(7));
    if (!authorization.startsWith("Digest ")) return false;
    const fields = new Map(
      [...authorization.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)].map(([, name = "", quoted, bare]) => [
        name,
        quoted ?? bare ?? "",
      ]),
    );
    const { nonce, nc, cnonce, uri, response, username } = Object.fromEntries(fields) as Record<
      string,
      string | undefined
    >;
    const known = this.#nonces.get(nonce ?? "");
    const count = Number.parseInt(nc ?? "0", 16);
    if (!known || count <= known.lastCount || uri !== url || username !== publicKey) return false;
    const md5 = (text: string) => createHash("md5").update(text).digest("hex");
    const who = md5(`${publicKey}:MMS Public API:${privateKey}`);
    const expected = md5(`${who}:${nonce}:${nc}:${cnonce}:auth:${md5(`${method}:${url}`)}`);
    if (response !== expected) return false;
    known.lastCount = count;
    return true;
  }

  /** What a request that shows nothing, or something old, is answered with. */
  challenge(): string {
    const nonce = randomBytes(12).toString("base64url");
    this.#nonces.set(nonce, { lastCount: 0 });
    return `Digest realm="MMS Public API", domain="", nonce="${nonce}", algorithm=MD5, qop="auth", stale=false`;
  }

  /** All nonces and tokens that were given are worth nothing from now on. */
  forgetAll(): void {
    this.#nonces.clear();
    this.#tokens.clear();
  }

  token({ headers }: IncomingMessage, body: string): string | undefined {
    const pair = Buffer.from(`${clientId}:${clientSecret}`).toString("base64");
    if (headers.authorization !== `Basic ${pair}` || body !== "grant_type=client_credentials")
      return undefined;
    const token = `canary-token-${randomBytes(8).toString("hex")}`;
    this.#tokens.add(token);
    this.tokensGiven += 1;
    return token;
  }
}
