import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";

type Pages = Record<string, (request: Request) => Promise<Response>>;

/** Pages behind an address of their own. */
export interface Served {
  url: string;
  stop: () => Promise<void>;
}

/** Serves pages on this machine, as whoever mounts them does. */
export async function serve(pages: Pages): Promise<Served> {
  const server = createServer((message, response) => void answer(pages, message, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(pages: Pages, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(message.url ?? "/", "http://pages");
  const page = pages[url.pathname] ?? (() => Promise.resolve(new Response("nothing here", { status: 404 })));
  const body =
    message.method === "POST" ? { body: Readable.toWeb(message) as never, duplex: "half" as const } : {};
  const { method = "GET" } = message;
  const given = await page(
    new Request(url, { method, headers: message.headers as Record<string, string>, ...body }),
  );
  response.writeHead(given.status, Object.fromEntries(given.headers));
  response.flushHeaders();
  if (!given.body) return void response.end();
  // A reader that goes away is how a stream of events ends.
  await pipeline(Readable.fromWeb(given.body as ReadableStream), response).catch(() => undefined);
}
