import { bearerToken } from "./registry-token";
import type { RegistryLogin } from "./resolve-image";

interface RegistryPlace {
  base: string;
  login: RegistryLogin | undefined;
  send: typeof fetch;
  signal: AbortSignal;
}

/** A registry's HTTP interface for one image; a challenge is answered once, and the answer kept for what follows. */
export class RegistryClient {
  #authorization: string | undefined;

  constructor(private readonly place: RegistryPlace) {}

  async ask(method: "HEAD" | "GET", path: string, accept: string): Promise<Response> {
    const { login, send, signal } = this.place;
    const response = await this.#send(method, path, accept);
    const challenge = response.headers.get("www-authenticate");
    if (response.status !== 401 || !challenge || this.#authorization !== undefined) return response;
    this.#authorization = await bearerToken(challenge, login, { send, signal });
    return this.#send(method, path, accept);
  }

  #send(method: string, path: string, accept: string): Promise<Response> {
    const { base, send, signal } = this.place;
    const authorization = this.#authorization;
    const headers = { accept, ...(authorization ? { authorization } : {}) };
    return send(`${base}${path}`, { method, headers, signal });
  }
}
