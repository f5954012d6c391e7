import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { ConnectionCut } from "./faults/fault";

export type Handle = (request: Request) => Promise<Response>;

/** Answers over HTTP what is handled as plain requests and responses. */
export class HttpServer {
  readonly #server: Server;

  constructor(private readonly handle: Handle) {
    this.#server = createServer((message, response) => {
      response.on("error", () => response.destroy());
      this.serve(message, response).catch((error: unknown) => this.fail(response, error));
    });
  }

  /** Opens the address and gives its port, which the system chooses for port 0. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen({ host, port, exclusive: true });
    await once(this.#server, "listening");
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  private async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const leaving = new AbortController();
    response.once("close", () => leaving.abort());
    const body = await buffer(message);
    const request = new Request(`http://${message.headers.host ?? "localhost"}${message.url ?? "/"}`, {
      method: message.method ?? "GET",
      headers: headersOf(message),
      ...(body.length > 0 ? { body: new Uint8Array(body) } : {}),
      signal: leaving.signal,
    });
    const answer = await this.handle(request);
    const text = await answer.text();
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(text);
  }

  private fail(response: ServerResponse, error: unknown): void {
    if (error instanceof ConnectionCut) response.socket?.resetAndDestroy();
    else if (!response.headersSent) response.writeHead(500).end(JSON.stringify({ error: String(error) }));
    else response.destroy();
  }
}

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? ""]) headers.append(name, one);
  }
  return headers;
}
