import type { IncomingMessage, ServerResponse } from "node:http";
import { webRequest } from "./web-request";

type ExpressRequest = IncomingMessage & { originalUrl: string; body?: unknown };

/** A handler as Express takes it: `app.get("/api/health", expressRoute(handlers.health))`. */
export function expressRoute(handler: (request: Request) => Promise<Response>) {
  return async (
    request: ExpressRequest,
    response: ServerResponse,
    next: (error?: unknown) => void,
  ): Promise<void> => {
    try {
      const answer = await handler(webRequest(request, request.originalUrl, request.body));
      const bytes = Buffer.from(await answer.arrayBuffer());
      response.statusCode = answer.status;
      for (const [name, value] of answer.headers) response.setHeader(name, value);
      response.setHeader("content-length", bytes.length);
      response.end(request.method === "HEAD" ? undefined : bytes);
    } catch (error) {
      next(error);
    }
  };
}
