import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { withoutSecrets } from "../log";
import { readBody } from "./body";
import { answerTo } from "./failure";
import { isStream, stream } from "./stream";
import { HttpProblem } from "./problem";

export interface ListenerOptions {
  /** Answers what needs no detour, such as health checks; false where the request is for something else. */
  first: (message: IncomingMessage, response: ServerResponse) => boolean;
  handle: (request: Request) => Promise<Response>;
  log: Logger;
  /** Stand in every answer to a request. */
  headers: (message: IncomingMessage) => Record<string, string>;
  /** Told of every request that people made. */
  observe: (message: IncomingMessage, status: number, ms: number) => void;
  /** From now on every answer is the last of its connection. */
  stopping: () => boolean;
}

/** Turns node's requests into web requests and logs each when it is answered. */
export function listener(options: ListenerOptions): RequestListener {
  return (message, response) => {
    if (options.first(message, response)) return;
    serve(options, message, response).catch((error: unknown) => {
      options.log.error({ err: error }, "an answer could not be sent");
      response.destroy();
    });
  };
}

async function serve(options: ListenerOptions, message: IncomingMessage, response: ServerResponse) {
  const started = performance.now();
  const req = { id: requestId(message), method: message.method, url: withoutSecrets(message.url ?? "/") };
  const answer = await answered(options, message).catch((error: unknown) =>
    answerTo(error, (unexpected) => options.log.error({ req, err: unexpected }, "request failed")),
  );
  response.statusCode = answer.status;
  for (const [name, value] of Object.entries(options.headers(message))) response.setHeader(name, value);
  for (const [name, value] of answer.headers) response.setHeader(name, value);
  response.setHeader("x-request-id", req.id);
  if (options.stopping()) response.setHeader("connection", "close");
  if (isStream(answer)) return stream(answer, message, response);
  const body = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 204) response.setHeader("content-length", body.length);
  response.end(message.method === "HEAD" ? undefined : body);
  const took = performance.now() - started;
  const responseTime = Math.round(took * 10) / 10;
  if (!isWatching(req.url)) options.observe(message, answer.status, took);
  const level = isProbe(req.url) ? "debug" : "info";
  options.log[level]({ req, res: { statusCode: answer.status }, responseTime }, "request completed");
}

async function answered(options: ListenerOptions, message: IncomingMessage): Promise<Response> {
  const method = message.method ?? "GET";
  if (method === "TRACE") throw new HttpProblem(405, "TRACE is not possible here");
  const bare = method === "GET" || method === "HEAD";
  return options.handle(
    new Request(addressOf(message), {
      method,
      headers: headersOf(message),
      ...(bare ? {} : { body: new Uint8Array(await readBody(message)) }),
    }),
  );
}

function addressOf(message: IncomingMessage): URL {
  // The path alone decides: whatever host a client claims, it never becomes part of an address.
  const path = message.url ?? "/";
  const address = `http://app${path}`;
  if (!path.startsWith("/") || !URL.canParse(address)) throw new HttpProblem(400, "the address is not valid");
  return new URL(address);
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  }
  // Whatever the client says of itself: this is where its connection comes from.
  headers.set("x-peer-address", message.socket.remoteAddress ?? "");
  return headers;
}

function requestId(message: IncomingMessage): string {
  const given = message.headers["x-request-id"];
  return typeof given === "string" && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
}

/** A check every second of every machine would bury what people do. */
function isProbe(url: string): boolean {
  return url === "/health" || url.startsWith("/api/health");
}

/** Whoever watches the app is not who uses it, and its figures are of those. */
function isWatching(url: string): boolean {
  return isProbe(url) || url.startsWith("/api/monitoring") || url.startsWith("/deployments");
}
