import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { MongoNetworkError } from "mongodb";
import { bodyLength, headerBytes } from "./message";

/** Where a server listens, and how it wants to be spoken to. */
export interface ServerPlace {
  host: string;
  port: number;
  /** Undefined: in the clear. */
  tls: ConnectionOptions | undefined;
}

export interface SocketOptions {
  connectMs: number;
  /** A server from which nothing comes for so long while it is waited for is gone. */
  silentMs: number;
  signal: AbortSignal | undefined;
  /** Says each time when the server has shown no life for so long elsewhere; answers how to end that. */
  watch?: ((lifelessFor: (ms: number) => void) => () => void) | undefined;
}

/** More would only take memory while whoever reads is slow. */
const messagesAhead = 2;

/** A connection whose messages are read straight into memory of their own: no byte is copied on its way. */
export class MessageSocket {
  readonly #header = Buffer.alloc(headerBytes);
  #body: Buffer | undefined;
  #filled = 0;
  readonly #ready: Buffer[] = [];
  #ended: Error | undefined;
  #wake: (() => void) | undefined;
  #isPaused = false;
  /** When the last bytes came, or were begun to be waited for. */
  #lastAt = 0;
  readonly #socket: Socket;
  readonly #unwatch: (() => void) | undefined;
  readonly #abort = () => this.#end(this.options.signal?.reason as Error);

  private constructor(
    private readonly place: ServerPlace,
    private readonly options: SocketOptions,
  ) {
    const { host, port, tls } = place;
    const onread = { buffer: () => this.#free(), callback: (bytes: number) => this.#take(bytes) };
    const tcp = { host, port, noDelay: true, keepAlive: true };
    this.#socket = tls
      ? connectTls({ ...tls, ...tcp, onread } as ConnectionOptions)
      : connectTcp({ ...tcp, onread });
    this.#socket.on("error", (error) => this.#end(this.#broken("broke", error)));
    this.#socket.on("close", () => this.#end(this.#broken("was closed")));
    options.signal?.addEventListener("abort", this.#abort, { once: true });
    this.#unwatch = options.watch?.((ms) => this.#doubt(ms));
  }

  static async open(place: ServerPlace, options: SocketOptions): Promise<MessageSocket> {
    options.signal?.throwIfAborted();
    const opened = new MessageSocket(place, options);
    try {
      await opened.#connected(place.tls ? "secureConnect" : "connect");
      return opened;
    } catch (error) {
      opened.close();
      throw error;
    }
  }

  send(message: Buffer): void {
    if (this.#ended) throw this.#ended;
    this.#socket.write(message);
  }

  /** What comes behind the header of the next message. */
  async next(): Promise<Buffer> {
    if (this.#ready.length === 0) await this.#woken(this.options.silentMs, "is silent");
    const [body] = this.#ready.splice(0, 1);
    if (!body) throw this.#ended ?? this.#broken("was closed");
    if (this.#isPaused && this.#ready.length < messagesAhead) {
      this.#isPaused = false;
      this.#socket.resume();
    }
    return body;
  }

  close(): void {
    this.#end(this.#broken("was closed"));
  }

  async #connected(event: string): Promise<void> {
    this.#socket.once(event, () => this.#wake?.());
    await this.#woken(this.options.connectMs, "cannot be made");
    if (this.#ended) throw this.#ended;
  }

  /** Until there is something to look at; who is not there in time will not come. */
  async #woken(withinMs: number, orElse: string): Promise<void> {
    if (this.#ended) return;
    this.#lastAt = performance.now();
    const timer = setTimeout(() => this.#end(this.#broken(orElse)), withinMs);
    try {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    } finally {
      clearTimeout(timer);
      this.#wake = undefined;
    }
  }

  /** What is waited for does not come any more where nothing came here for as long either. */
  #doubt(lifelessMs: number): void {
    if (this.#wake && performance.now() - this.#lastAt >= lifelessMs) this.#end(this.#broken("is silent"));
  }

  /** Where the next bytes go. */
  #free(): Buffer {
    return (this.#body ?? this.#header).subarray(this.#filled);
  }

  #take(bytes: number): boolean {
    this.#lastAt = performance.now();
    this.#filled += bytes;
    if (this.#filled < (this.#body ?? this.#header).length) return true;
    this.#filled = 0;
    if (this.#body) return this.#pass(this.#body);
    const length = bodyLength(this.#header);
    if (length === undefined) this.#end(this.#broken("carries what is no answer"));
    else this.#body = Buffer.allocUnsafeSlow(length);
    return length !== undefined;
  }

  #pass(body: Buffer): boolean {
    this.#body = undefined;
    this.#ready.push(body);
    this.#wake?.();
    this.#isPaused = this.#ready.length > messagesAhead;
    return !this.#isPaused;
  }

  #broken(how: string, cause?: Error): MongoNetworkError {
    const { host, port } = this.place;
    const why = cause ? `: ${cause.message}` : "";
    return new MongoNetworkError(`the connection to ${host}:${port} ${how}${why}`, cause ? { cause } : {});
  }

  #end(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.options.signal?.removeEventListener("abort", this.#abort);
    this.#unwatch?.();
    this.#socket.destroy();
    this.#wake?.();
  }
}
