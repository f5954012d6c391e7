import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { OperatorError } from "../../infra/support";

export type Page = (request: Request) => Promise<Response>;
export type Pages = Readonly<Record<string, Page>>;

/** A server that answers, and how it is stopped. */
export interface RunningServer {
  port: number;
  close: () => Promise<void>;
}

const mostBytes = 1_000_000;
const closeMs = 3000;

/** Serves pages by their exact paths, and those that end in `/*` by what they begin with. */
export async function serve(
  pages: Pages,
  { host, port }: { host: string; port: number },
): Promise<RunningServer> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (incoming, outgoing) => {
    answer(pages, incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new OperatorError({
      code: "monitor-port-taken",
      message: `the monitor cannot listen on ${host}:${port} (${(error as NodeJS.ErrnoException).code})`,
      remedy: "Stop what listens there, or give another one with --port.",
      cause: error,
    });
  }
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

/** What is being answered may end; streams that never do are cut. */
async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), closeMs);
  await closed;
  clearTimeout(cut);
}

async function answer(pages: Pages, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const response = await respond(pages, incoming, outgoing);
  outgoing.writeHead(response.status, headersOf(response));
  if (!response.body || incoming.method === "HEAD") {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  const body = Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]);
  // Whoever goes away in the middle is no failure.
  await pipeline(body, outgoing).catch(() => undefined);
}

function headersOf(response: Response): Record<string, string | string[]> {
  const cookies = response.headers.getSetCookie();
  return {
    "x-content-type-options": "nosniff",
    ...Object.fromEntries(response.headers),
    ...(cookies.length > 0 ? { "set-cookie": cookies } : {}),
  };
}

async function respond(pages: Pages, incoming: IncomingMessage, outgoing: ServerResponse): Promise<Response> {
  const url = urlOf(incoming);
  const page = url && pageFor(pages, url.pathname);
  if (!url || !page) return Response.json({ error: "there is no such page" }, { status: 404 });
  const body = await bodyOf(incoming);
  // The rest of it is not read: the connection ends with the answer.
  if (body === undefined)
    return Response.json(
      { error: "the body is too large" },
      { status: 413, headers: { connection: "close" } },
    );
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  try {
    return await page(
      new Request(url, {
        method: incoming.method ?? "GET",
        headers: requestHeaders(incoming),
        signal: gone.signal,
        ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      }),
    );
  } catch {
    // What a stack trace would tell is nobody's business.
    return Response.json({ error: "that did not go" }, { status: 500 });
  }
}

function urlOf({ url = "/", headers }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, `http://${headers.host ?? "localhost"}`);
  } catch {
    return undefined;
  }
}

function pageFor(pages: Pages, path: string): Page | undefined {
  if (Object.hasOwn(pages, path)) return pages[path];
  const open = Object.keys(pages).filter((one) => one.endsWith("/*") && path.startsWith(one.slice(0, -1)));
  const [longest] = open.sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : pages[longest];
}

function requestHeaders({ headers }: IncomingMessage): Headers {
  const given = new Headers();
  for (const [name, value] of Object.entries(headers))
    for (const one of [value ?? []].flat()) given.append(name, one);
  return given;
}

/** Undefined where it is larger than anything that is meant for here. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  if (incoming.method === "GET" || incoming.method === "HEAD") return Buffer.alloc(0);
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}
