import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { MongoClient } from "mongodb";
import { healthAnswers, healthHandlers, plainHealth } from "../../infra/engines/health";

// The servers that are compared, in a process of their own: the one that asks must not slow down the one that answers.

const constant = JSON.stringify({
  status: "ok",
  timestamp: "2026-01-01T00:00:00.000Z",
  environment: "production",
  version: "1.0.0",
  database: "connected",
});

/** A request and its response as frameworks of web requests have them; both sides go through the same. */
function throughWeb(handler: (request: Request) => Promise<Response> | Response): RequestListener {
  const serve = async (message: IncomingMessage, response: ServerResponse) => {
    const answer = await handler(new Request(`http://app${message.url ?? "/"}`));
    const text = await answer.text();
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(text);
  };
  return (message, response) => void serve(message, response);
}

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function main(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri, { monitorCommands: true });
  let queries = 0;
  client.on("commandStarted", ({ commandName }) => {
    if (commandName === "ping") queries++;
  });
  const options = { database: client.db("bench_health"), environment: "production", version: "1.0.0" };
  const plain = plainHealth(healthAnswers(options));
  const { health } = healthHandlers(options);
  const ports = {
    bare: await listen((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(constant);
    }),
    plain: await listen((message, response) => void plain(message, response)),
    constant: await listen(
      throughWeb(() => new Response(constant, { headers: { "content-type": "application/json" } })),
    ),
    web: await listen(throughWeb(health)),
  };
  process.send?.(ports);
  process.on("message", () => process.send?.(queries));
}

void main(process.argv[2] ?? "");
