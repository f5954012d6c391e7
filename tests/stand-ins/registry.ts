import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

interface Manifest {
  digest: string;
  /** Undefined for an image of which nothing but its digest is known. */
  content?: { type: string; bytes: Buffer };
}

const digestOf = (content: Buffer | string) => `sha256:${createHash("sha256").update(content).digest("hex")}`;

/** A registry of images: it takes pushes, and knows what it was given by tag and by digest. */
export class RegistryStandIn {
  /** By "guild/web:v1" and by "guild/web@sha256:…". */
  readonly #manifests = new Map<string, Manifest>();
  readonly #blobs = new Map<string, Buffer>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
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
    const digest = digestOf(image);
    this.#keep(image, { digest });
    return digest;
  }

  /** The digest of what was pushed as "guild/web:v1"; undefined for what was not. */
  digestOf(image: string): string | undefined {
    return this.#manifests.get(image)?.digest;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  #keep(image: string, manifest: Manifest): void {
    const [repository = ""] = image.split(/[:@]/);
    this.#manifests.set(image, manifest);
    this.#manifests.set(`${repository}@${manifest.digest}`, manifest);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    const { pathname, searchParams } = new URL(url, "http://registry");
    const body = await buffer(request);
    const [, repository = "", kind = "", reference = ""] =
      /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(pathname) ?? [];
    const isRead = method === "HEAD" || method === "GET";
    if (kind === "manifests" && isRead) return this.#show(response, repository, reference);
    if (kind === "manifests" && method === "PUT") {
      const digest = digestOf(body);
      const name = reference.startsWith("sha256:") ? `@${reference}` : `:${reference}`;
      const type = request.headers["content-type"] ?? "";
      this.#keep(`${repository}${name}`, { digest, content: { type, bytes: body } });
      return void response.writeHead(201, { "docker-content-digest": digest }).end();
    }
    if (kind === "blobs" && isRead) {
      const blob = this.#blobs.get(reference);
      return void response.writeHead(blob ? 200 : 404).end(blob);
    }
    if (kind === "blobs" && method === "POST")
      return void response.writeHead(202, { location: `${url}upload` }).end();
    if (kind === "blobs" && method === "PUT") {
      this.#blobs.set(searchParams.get("digest") ?? "", body);
      return void response.writeHead(201).end();
    }
    response.writeHead(404).end();
  }

  #show(response: ServerResponse, repository: string, reference: string): void {
    const name = reference.startsWith("sha256:") ? `@${reference}` : `:${reference}`;
    const found = this.#manifests.get(`${repository}${name}`);
    if (!found) return void response.writeHead(404).end();
    const { digest, content } = found;
    const type = content ? { "content-type": content.type } : {};
    response.writeHead(200, { "docker-content-digest": digest, ...type }).end(content?.bytes);
  }
}
