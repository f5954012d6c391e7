import type { IncomingMessage } from "node:http";
import type { Backend } from "./backends";

const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
]);

/** What goes on to the machine: everything but what belongs to the client's own connection. */
export function requestHeaders(message: IncomingMessage, backend: Backend): string[] {
  const headers = endToEnd(message, ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"]);
  if (message.headers.host === undefined) headers.push("host", `127.0.0.1:${backend.port}`);
  if (message.headers["transfer-encoding"] !== undefined) headers.push("transfer-encoding", "chunked");
  const from = [message.headers["x-forwarded-for"], message.socket.remoteAddress].flat().filter(Boolean);
  headers.push("x-forwarded-for", from.join(", "));
  headers.push("x-forwarded-host", message.headers.host ?? "");
  headers.push("x-forwarded-proto", "http");
  return headers;
}

/** What goes back to the client, with the machine that answered. */
export function responseHeaders(message: IncomingMessage, backend: Backend): string[] {
  const headers = endToEnd(message, ["x-machine-id", "x-machine-pid"]);
  headers.push("x-machine-id", backend.id);
  if (backend.pid !== null) headers.push("x-machine-pid", String(backend.pid));
  return headers;
}

/** An upgrade is between client and machine: its own headers go through. */
export function upgradeHeaders(message: IncomingMessage, backend: Backend): string[] {
  return [
    ...requestHeaders(message, backend),
    "connection",
    "upgrade",
    "upgrade",
    message.headers.upgrade ?? "",
  ];
}

function endToEnd(message: IncomingMessage, without: string[]): string[] {
  const named = (message.headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  const dropped = new Set([...hopByHop, ...named, ...without]);
  const headers: string[] = [];
  for (let n = 0; n + 1 < message.rawHeaders.length; n += 2) {
    const [name, value] = [message.rawHeaders[n] ?? "", message.rawHeaders[n + 1] ?? ""];
    if (!dropped.has(name.toLowerCase())) headers.push(name, value);
  }
  return headers;
}
