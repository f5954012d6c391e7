import type { FlyApi } from "../drivers/fly-api";
import { OperatorError, Secret } from "../support";

let opened: { key: string; api: FlyApi } | undefined;

/** The API with the operator's own token; all resources of a run share its turns at the rate limits. */
export function flyClient(): FlyApi {
  const token = process.env.FLY_ACCESS_TOKEN ?? process.env.FLY_API_TOKEN;
  if (!token) {
    throw new OperatorError({
      code: "fly-token-missing",
      message: "there is no token for Fly: FLY_API_TOKEN is not set",
      remedy: "Make one with `fly tokens create deploy` and set FLY_API_TOKEN to it.",
      kind: "usage",
    });
  }
  const baseUrl = process.env.FLY_FLAPS_BASE_URL;
  const key = `${baseUrl ?? ""} ${token}`;
  if (opened?.key === key) return opened.api;
  const { openFlyApi } = require("../drivers/fly-api") as typeof import("../drivers/fly-api");
  const api = openFlyApi({ token: new Secret(token), ...(baseUrl ? { baseUrl } : {}) });
  opened = { key, api };
  return api;
}
