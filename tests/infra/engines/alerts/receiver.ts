import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** A request as a receiver saw it. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
  body: Record<string, unknown>;
}

/** How a receiver answers; "hang" never does, "cut" reads everything and hangs up. */
export type Answer = "hang" | "cut" | { status?: number; headers?: Record<string, string>; body?: string };

/** A web hook's other end on this machine. */
export class Receiver {
  readonly received: Received[] = [];
  answer: (request: Received, count: number) => Answer = () => ({ body: "ok" });
  #server: Server | undefined;

  async start(): Promise<this> {
    this.#server = createServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      const text = Buffer.concat(pieces).toString("utf8");
      const seen = {
        path: request.url ?? "",
        headers: request.headers,
        text,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      this.received.push(seen);
      const answer = this.answer(seen, this.received.length);
      if (answer === "hang") return;
      if (answer === "cut") return void request.socket.destroy();
      response.writeHead(answer.status ?? 200, answer.headers);
      response.end(answer.body ?? "");
    });
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server?.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}
