import { STATUS_CODES, request, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { Backend, Backends } from "./backends";
import { responseHeaders, upgradeHeaders } from "./forwarded-headers";

/** Carries a connection that changes its protocol, a web socket for one, to a machine for as long as it lasts. */
export function forwardUpgrade(
  message: IncomingMessage,
  client: Duplex,
  head: Buffer,
  backends: Backends,
): void {
  client.on("error", () => client.destroy());
  const tried = new Set<string>();
  const next = () => {
    const backend = backends.pick(tried, backends.only(message));
    if (!backend)
      return void client.end(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\n\r\n",
      );
    tried.add(backend.id);
    connect(message, client, head, backends, backend, next);
  };
  next();
}

function connect(
  message: IncomingMessage,
  client: Duplex,
  head: Buffer,
  backends: Backends,
  backend: Backend,
  next: () => void,
): void {
  const done = backends.begin(backend.id);
  const outgoing = request({
    host: "127.0.0.1",
    port: backend.port,
    method: message.method,
    path: message.url,
    headers: upgradeHeaders(message, backend),
    agent: false,
  });
  let connected = false;
  outgoing.once("socket", (socket) => socket.once("connect", () => (connected = true)));
  outgoing.once("error", () => {
    done();
    if (client.destroyed) return;
    if (!connected) return next();
    client.end("HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n");
  });
  const leave = () => void outgoing.destroy();
  client.once("close", leave);
  outgoing.once("upgrade", (answer, machine: Duplex, first: Buffer) => {
    client.off("close", leave);
    client.write(statusLine(answer, [...answer.rawHeaders]));
    if (first.length > 0) client.write(first);
    if (head.length > 0) machine.write(head);
    machine.once("close", () => (done(), client.destroy()));
    client.once("close", () => machine.destroy());
    machine.on("error", () => machine.destroy());
    client.pipe(machine).pipe(client);
  });
  outgoing.once("response", (answer) => {
    client.write(statusLine(answer, [...responseHeaders(answer, backend), "connection", "close"]));
    answer.once("close", () => (done(), client.end()));
    answer.pipe(client, { end: false });
  });
  outgoing.end();
}

function statusLine(answer: IncomingMessage, headers: string[]): string {
  const status = answer.statusCode ?? 502;
  const lines = [`HTTP/1.1 ${status} ${answer.statusMessage ?? STATUS_CODES[status] ?? ""}`];
  for (let n = 0; n + 1 < headers.length; n += 2) lines.push(`${headers[n]}: ${headers[n + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}
