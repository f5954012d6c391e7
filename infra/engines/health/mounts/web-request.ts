import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** A request of node as a web request; `parsed` is its body where a framework has read it already. */
export function webRequest(message: IncomingMessage, url: string, parsed?: unknown): Request {
  const method = message.method ?? "GET";
  const headers = headersOf(message);
  // The path alone counts: whatever host a client claims, it never becomes part of an address.
  const address = new URL(`http://app${url.startsWith("/") ? url : "/"}`);
  if (method === "GET" || method === "HEAD") return new Request(address, { method, headers });
  if (parsed !== undefined) {
    headers.delete("content-length");
    return new Request(address, { method, headers, body: textOf(parsed) });
  }
  const body = Readable.toWeb(message) as ReadableStream<Uint8Array>;
  const init: RequestInit & { duplex: "half" } = { method, headers, body, duplex: "half" };
  return new Request(address, init);
}

function textOf(parsed: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof parsed === "string") return parsed;
  return parsed instanceof Uint8Array ? new Uint8Array(parsed) : JSON.stringify(parsed);
}

function headersOf({ headers }: IncomingMessage): Headers {
  const web = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const one of [value ?? []].flat()) web.append(name, one);
  return web;
}
