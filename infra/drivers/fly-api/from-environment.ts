import { OperatorError, Secret } from "../../support";
import type { FlyApi } from "./contract";
import { openFlyApi } from "./open-fly-api";

/** Where the API is and with whose token it is asked, as Fly's own tool takes them from the environment. */
export interface FlyEnvironment {
  token: Secret;
  baseUrl: string | undefined;
  platformUrl: string | undefined;
}

/** The operator's own token; refused in words where there is none. */
export function flyEnvironment(env: NodeJS.ProcessEnv): FlyEnvironment {
  const token = env.FLY_ACCESS_TOKEN || env.FLY_API_TOKEN;
  if (token)
    return { token: new Secret(token), baseUrl: env.FLY_FLAPS_BASE_URL, platformUrl: env.FLY_API_BASE_URL };
  throw new OperatorError({
    code: "fly-token-missing",
    message: "there is no token for Fly: FLY_API_TOKEN is not set",
    remedy:
      "Make one with `fly tokens create org`, or `fly tokens create deploy` once the app is there, and set FLY_API_TOKEN to it.",
    kind: "usage",
  });
}

/** The API as the environment of this process tells. */
export function openFlyApiOf(env: NodeJS.ProcessEnv): FlyApi {
  const { token, baseUrl, platformUrl } = flyEnvironment(env);
  return openFlyApi({ token, ...(baseUrl ? { baseUrl } : {}), ...(platformUrl ? { platformUrl } : {}) });
}
