import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Backends, type BackendSource } from "./backends";
import { portTaken } from "./errors";
import { forwardRequest } from "./forward-request";
import { forwardUpgrade } from "./forward-upgrade";

/** One fixed address in front of machines that come and go. */
export class Router {
  readonly backends: Backends;
  readonly #server: Server;
  readonly #upgraded = new Set<Duplex>();

  constructor(source: BackendSource) {
    this.backends = new Backends(source);
    this.#server = createServer({ keepAliveTimeout: 75_000 }, (message, response) => {
      response.on("error", () => response.destroy());
      forwardRequest(message, response, this.backends).catch(() => response.destroy());
    });
    this.#server.on("upgrade", (message, client: Duplex, head: Buffer) => {
      this.#upgraded.add(client);
      client.once("close", () => this.#upgraded.delete(client));
      forwardUpgrade(message, client, head, this.backends);
    });
  }

  /** Opens the address and gives its port, which the system chooses for port 0. */
  async listen(host: string, port: number): Promise<number> {
    this.#server.listen({ host, port, exclusive: true });
    try {
      await once(this.#server, "listening");
    } catch (error) {
      throw portTaken(host, port, error);
    }
    return (this.#server.address() as AddressInfo).port;
  }

  /** Takes no new connection; what is under way may end until the deadline, then it is cut. */
  async close(graceMs: number): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    // A connection that was busy just now waits for its client's next request: it is closed once it is idle.
    const idle = setInterval(() => this.#server.closeIdleConnections(), 20);
    const cut = setTimeout(() => {
      this.#server.closeAllConnections();
      for (const client of this.#upgraded) client.destroy();
    }, graceMs);
    await closed;
    clearTimeout(cut);
    clearInterval(idle);
    this.backends.close();
  }
}
