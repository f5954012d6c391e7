import type { IncomingMessage } from "node:http";

const allowed = {
  "access-control-allow-methods": "GET, POST, PATCH, DELETE",
  "access-control-allow-headers": "authorization, content-type",
  "access-control-max-age": "600",
};

/** What a browser must read in an answer before it hands it to a page of another origin; nothing unless that one is named. */
export function crossOriginHeaders(
  origins: readonly string[],
  { headers: { origin }, url = "/" }: Pick<IncomingMessage, "headers" | "url">,
): Record<string, string> {
  if (origins.length === 0 || !url.startsWith("/api/")) return {};
  const named = origin !== undefined && origins.includes(origin);
  return { vary: "origin", ...(named && { "access-control-allow-origin": origin }) };
}

/** Answers the question that a browser asks before it sends a request of a page of another origin. */
export function answeringPreflights(
  origins: readonly string[],
  handle: (request: Request) => Promise<Response>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const { method, headers, url } = request;
    const asks = method === "OPTIONS" && headers.has("access-control-request-method");
    const named = origins.includes(headers.get("origin") ?? "");
    if (!asks || !named || !new URL(url).pathname.startsWith("/api/")) return handle(request);
    return new Response(null, { status: 204, headers: allowed });
  };
}
