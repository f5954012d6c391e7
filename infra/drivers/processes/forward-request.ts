import { request, type ClientRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Backend, Backends } from "./backends";
import { requestHeaders, responseHeaders } from "./forwarded-headers";

const connectMs = 5000;

/** Carries one request to a machine and its answer back, as streams. */
export async function forwardRequest(
  message: IncomingMessage,
  response: ServerResponse,
  backends: Backends,
): Promise<void> {
  const tried = new Set<string>();
  const only = backends.only(message);
  let again = true;
  let woken = false;
  while (!response.destroyed) {
    const backend = backends.pick(tried, only);
    if (!backend) {
      if (tried.size > 0 || woken || !(await backends.wake(only)))
        return refuse(message, response, 503, "no machine can answer now");
      woken = true;
      continue;
    }
    const outcome = await attempt(message, response, backend, backends);
    if (outcome === "carried") return;
    if (outcome === "broken" || (outcome === "stale" && !again)) {
      return refuse(message, response, 502, "the machine ended before it answered");
    }
    if (outcome === "stale") again = false;
    else tried.add(backend.id);
  }
}

/**
 * "unsent": no byte went out, so another machine may have it. "stale": a kept connection was closed just then, and the
 * request is one that may be repeated. "broken": nobody knows what the machine did with it.
 */
type Outcome = "carried" | "unsent" | "stale" | "broken";

function attempt(
  message: IncomingMessage,
  response: ServerResponse,
  backend: Backend,
  backends: Backends,
): Promise<Outcome> {
  const done = backends.begin(backend.id);
  const outgoing = request({
    host: "127.0.0.1",
    port: backend.port,
    method: message.method,
    path: message.url,
    headers: requestHeaders(message, backend),
    agent: backends.agent(backend.id),
  });
  const leave = () => void outgoing.destroy();
  response.once("close", leave);
  return new Promise<Outcome>((resolve) => {
    let sent = false;
    onConnected(outgoing, () => {
      sent = true;
      message.pipe(outgoing);
    });
    outgoing.once("response", (answer) => {
      if (isEndless(answer)) outgoing.once("close", backends.stream(backend.id, leave));
      carryBack(answer, response, backend);
      resolve("carried");
    });
    outgoing.on("error", () => {
      message.unpipe(outgoing);
      resolve(!sent ? "unsent" : outgoing.reusedSocket && isRepeatable(message) ? "stale" : "broken");
    });
    outgoing.once("close", () => {
      response.off("close", leave);
      done();
      resolve("broken");
    });
  });
}

function onConnected(outgoing: ClientRequest, send: () => void): void {
  outgoing.once("socket", (socket: Socket) => {
    if (!socket.connecting) return send();
    const late = setTimeout(() => outgoing.destroy(new Error(`no connection in ${connectMs}ms`)), connectMs);
    socket.once("close", () => clearTimeout(late));
    socket.once("connect", () => {
      clearTimeout(late);
      send();
    });
  });
}

function carryBack(answer: IncomingMessage, response: ServerResponse, backend: Backend): void {
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage, responseHeaders(answer, backend));
  // A machine that ends in the middle of its answer: the client must see a broken answer, never a short one.
  answer.once("close", () => {
    if (!answer.complete) response.destroy();
  });
  answer.on("error", () => response.destroy());
  answer.pipe(response);
}

/** Events that a page listens to: the browser comes back by itself. */
function isEndless({ headers }: IncomingMessage): boolean {
  return headers["content-type"]?.startsWith("text/event-stream") ?? false;
}

function isRepeatable(message: IncomingMessage): boolean {
  const { headers, method } = message;
  const bodiless = headers["transfer-encoding"] === undefined && Number(headers["content-length"] ?? 0) === 0;
  return bodiless && (method === "GET" || method === "HEAD" || method === "OPTIONS");
}

function refuse(message: IncomingMessage, response: ServerResponse, status: 502 | 503, reason: string): void {
  if (response.headersSent) return void response.destroy();
  const body = JSON.stringify({ error: reason });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    connection: "close",
    ...(status === 503 ? { "retry-after": "1" } : {}),
  });
  response.end(message.method === "HEAD" ? undefined : body);
  message.resume();
}
