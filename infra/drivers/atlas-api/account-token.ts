import { Secret, whyNoAnswer } from "../../support";
import type { AtlasCredentials } from "./credentials";
import { AtlasCredentialsWrong, AtlasUnavailable, UnexpectedAnswer } from "./errors";
import { tokenSchema } from "./schemas";
import type { SigningPlace } from "./signing";

/** The short-lived tokens of a service account (OAuth 2, client credentials). */
export interface AccountTokens {
  current(signal: AbortSignal): Promise<Secret>;
  forget(): void;
}

// A token must outlive the request that it is made for.
const marginMs = 60_000;
const doing = "give the service account a token";

/** Fetches a token when there is none that still lasts. */
export function accountTokens(
  { clientId, clientSecret }: AtlasCredentials & { kind: "service-account" },
  { baseUrl, clock, fetch }: SigningPlace,
): AccountTokens {
  let held: { token: Secret; until: number } | undefined;

  async function asked(authorization: string, signal: AbortSignal) {
    try {
      const response = await fetch(`${baseUrl}/api/oauth/token`, {
        method: "POST",
        headers: {
          authorization,
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json",
        },
        body: "grant_type=client_credentials",
        redirect: "error",
        signal,
      });
      return { ok: response.ok, status: response.status, text: await response.text() };
    } catch (cause) {
      // Nothing that changes anything was sent yet, whatever became of this request.
      throw new AtlasUnavailable({ doing, said: whyNoAnswer(cause).reason, cause });
    }
  }

  async function fetched(signal: AbortSignal): Promise<Secret> {
    const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret.reveal())}`;
    const answer = await asked(`Basic ${Buffer.from(pair).toString("base64")}`, signal);
    if (!answer.ok) throw refusal(answer.status);
    const parsed = tokenSchema.safeParse(jsonOf(answer.text));
    // What was received may hold a token, so it is told to nobody.
    if (!parsed.success)
      throw new UnexpectedAnswer({ doing, said: "its answer holds no token of the known form" });
    const token = new Secret(parsed.data.access_token);
    held = { token, until: clock.now() + parsed.data.expires_in * 1000 - marginMs };
    return token;
  }

  return {
    current: (signal) => (held && held.until > clock.now() ? Promise.resolve(held.token) : fetched(signal)),
    forget: () => {
      held = undefined;
    },
  };
}

function refusal(status: number) {
  const failed = { doing, status };
  return status === 400 || status === 401 || status === 403
    ? new AtlasCredentialsWrong({ ...failed, said: "it does not know the service account or its secret" })
    : new AtlasUnavailable({ ...failed, said: "the place that gives tokens is not well" });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
