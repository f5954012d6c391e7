import type { IncomingMessage } from "node:http";
import { webRequest } from "./web-request";

interface FastifyRequest {
  raw: IncomingMessage;
  url: string;
  body?: unknown;
}

interface FastifyReply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
  send(payload: Buffer): unknown;
}

/** A handler as Fastify takes it: `app.get("/api/health", fastifyRoute(handlers.health))`. */
export function fastifyRoute(handler: (request: Request) => Promise<Response>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const answer = await handler(webRequest(request.raw, request.url, request.body));
    reply.code(answer.status);
    for (const [name, value] of answer.headers) reply.header(name, value);
    return reply.send(Buffer.from(await answer.arrayBuffer()));
  };
}
