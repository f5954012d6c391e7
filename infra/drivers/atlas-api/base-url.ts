import { OperatorError } from "../../support";

/** Where the API is: Atlas itself unless MONGODB_ATLAS_BASE_URL names another place. */
export function atlasBaseUrl(environment: NodeJS.ProcessEnv): string {
  return checkedBaseUrl(environment.MONGODB_ATLAS_BASE_URL || "https://cloud.mongodb.com");
}

/** The address without its last slashes; refused where credentials would cross the network in the clear. */
export function checkedBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const inTheClear = url?.protocol === "http:" && !isThisMachine(url.hostname);
  if (url === null || !/^https?:$/.test(url.protocol) || inTheClear) {
    throw new OperatorError({
      code: "atlas-base-url",
      message: `MONGODB_ATLAS_BASE_URL is ${text}, which is no https:// address`,
      remedy: "Set it to https://cloud.mongodb.com/, or leave it out.",
      kind: "usage",
    });
  }
  return text.replace(/\/+$/, "");
}

function isThisMachine(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}
