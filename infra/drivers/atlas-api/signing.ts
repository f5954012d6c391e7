import type { Clock } from "../../support";
import type { AtlasCredentials } from "./credentials";
import { digestAnswer, digestChallenge, type DigestChallenge } from "./digest";
import { accountTokens } from "./account-token";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How requests show who sends them. */
export interface Signing {
  /** The Authorization header; undefined where the server must ask first. */
  header(method: string, uri: string, signal: AbortSignal): Promise<string | undefined>;
  /** Hears a refusal; whether the same request, signed anew, may be let in. */
  renewed(response: Response): boolean;
}

export interface SigningPlace {
  baseUrl: string;
  clock: Clock;
  fetch: Fetch;
}

/** The way of signing that the credentials call for. */
export function signingWith(credentials: AtlasCredentials, place: SigningPlace): Signing {
  return credentials.kind === "keys" ? digestSigning(credentials) : tokenSigning(credentials, place);
}

/** The first request is refused with a nonce; those after it use that nonce until the server wants another one. */
function digestSigning({ publicKey, privateKey }: AtlasCredentials & { kind: "keys" }): Signing {
  let challenge: DigestChallenge | undefined;
  let count = 0;
  return {
    header: (method, uri) => {
      if (!challenge) return Promise.resolve(undefined);
      count += 1;
      return Promise.resolve(
        digestAnswer({ challenge, user: publicKey, password: privateKey, method, uri, count }),
      );
    },
    renewed: (response) => {
      const offered = digestChallenge(response.headers.get("www-authenticate"));
      if (!offered) return false;
      challenge = offered;
      count = 0;
      return true;
    },
  };
}

function tokenSigning(
  credentials: AtlasCredentials & { kind: "service-account" },
  place: SigningPlace,
): Signing {
  const tokens = accountTokens(credentials, place);
  return {
    header: async (_method, _uri, signal) => `Bearer ${(await tokens.current(signal)).reveal()}`,
    renewed: () => {
      // Revoked before its time, perhaps: a new one tells.
      tokens.forget();
      return true;
    },
  };
}
