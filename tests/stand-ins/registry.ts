import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A registry of images that knows each tag it was given by its digest, and nothing else. */
export class RegistryStandIn {
  readonly #digests = new Map<string, string>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(({ url = "", method }, response) => {
      const [, repository = "", reference = ""] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url) ?? [];
      const known = [...this.#digests].find(
        ([image, digest]) => image === `${repository}:${reference}` || digest === reference,
      );
      if (!known || !["HEAD", "GET"].includes(method ?? "")) return response.writeHead(404).end();
      return response.writeHead(200, { "docker-content-digest": known[1] }).end();
    });
  }

  static async open(): Promise<RegistryStandIn> {
    const registry = new RegistryStandIn();
    registry.#server.listen(0, "127.0.0.1");
    await once(registry.#server, "listening");
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Makes an image known, "guild/web:v1", and gives its digest. */
  push(image: string): string {
    const digest = `sha256:${createHash("sha256").update(image).digest("hex")}`;
    this.#digests.set(image, digest);
    return digest;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
