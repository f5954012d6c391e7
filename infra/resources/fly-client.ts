import type { FlyApi } from "../drivers/fly-api";

let opened: { key: string; api: FlyApi } | undefined;

/** The API with the operator's own token; all resources of a run share its turns at the rate limits. */
export function flyClient(): FlyApi {
  const { flyEnvironment, openFlyApiOf } =
    require("../drivers/fly-api") as typeof import("../drivers/fly-api");
  const { token, baseUrl, platformUrl } = flyEnvironment(process.env);
  const key = `${baseUrl ?? ""} ${platformUrl ?? ""} ${token.reveal()}`;
  if (opened?.key === key) return opened.api;
  opened = { key, api: openFlyApiOf(process.env) };
  return opened.api;
}
