import { HttpProblem } from "./problem";

/** What a handler is given: the request and the named parts of its path. */
export interface Visit {
  request: Request;
  url: URL;
  params: Record<string, string>;
}

export type Handler = (visit: Visit) => Promise<Response> | Response;

/** A path such as "/api/parties/:id" with a handler for each method. */
export interface Route {
  path: string;
  methods: Partial<Record<"GET" | "POST" | "PATCH" | "DELETE", Handler>>;
}

/** One function out of many routes: 404 for an unknown path, 405 with the allowed methods for a wrong one. */
export function router(routes: Route[]): (request: Request) => Promise<Response> {
  const table = routes.map(({ path, methods }) => ({
    segments: path.split("/"),
    methods: new Map(Object.entries(methods)),
  }));
  return async (request) => {
    const url = new URL(request.url);
    const segments = url.pathname.split("/");
    for (const route of table) {
      const params = match(route.segments, segments);
      if (!params) continue;
      const handler = route.methods.get(request.method === "HEAD" ? "GET" : request.method);
      if (handler) return handler({ request, url, params });
      const allow = [...route.methods.keys()].join(", ");
      throw new HttpProblem(405, `${request.method} is not possible here`, [], { allow });
    }
    throw new HttpProblem(404, "there is nothing at this address");
  };
}

function match(pattern: string[], segments: string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of pattern.entries()) {
    const segment = segments[at] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = segment;
    else if (part !== segment) return undefined;
  }
  return params;
}
