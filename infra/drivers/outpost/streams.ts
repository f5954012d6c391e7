import type { Socket } from "node:net";
import { messageOf } from "../../support";
import type { Message } from "./frame";

/** Bytes of connections, each a stream of its own, over a line of messages. */
export class Streams {
  readonly #open = new Map<number, Socket>();
  /** What comes for a connection that is still being made. */
  readonly #asking = new Set<number>();
  readonly #early = new Map<number, Buffer[]>();

  constructor(private readonly post: (message: Message) => void) {}

  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** Whether an answer is waited for: what was said last was said here. */
  get isAsking(): boolean {
    return this.#asking.size > 0;
  }

  /** Keeps what comes until the socket is there. */
  async joinLater(stream: number, connecting: Promise<Socket>): Promise<void> {
    this.#early.set(stream, []);
    try {
      const socket = await connecting;
      const early = this.#early.get(stream);
      this.#early.delete(stream);
      if (!early) return void socket.destroy();
      this.join(stream, socket);
      for (const bytes of early) socket.write(bytes);
    } catch (error) {
      this.#early.delete(stream);
      this.post({ kind: "end", stream, why: messageOf(error) });
    }
  }

  /** What comes from the socket goes over, and the other way round, until either ends. */
  join(stream: number, socket: Socket): void {
    this.#open.set(stream, socket);
    socket.on("data", (bytes) => {
      this.#asking.add(stream);
      this.post({ kind: "data", stream, bytes: bytes.toString("base64") });
    });
    socket.on("error", (error) => this.#tellEnd(stream, error.message));
    socket.on("close", () => this.#tellEnd(stream));
  }

  receive(message: Message): void {
    if (message.kind === "data") this.#take(message.stream, Buffer.from(message.bytes, "base64"));
    if (message.kind === "end") this.#end(message.stream);
  }

  endAll(): void {
    for (const stream of [...this.#open.keys()]) this.#end(stream);
  }

  #take(stream: number, bytes: Buffer): void {
    this.#asking.delete(stream);
    this.#early.get(stream)?.push(bytes);
    this.#open.get(stream)?.write(bytes);
  }

  #end(stream: number): void {
    this.#early.delete(stream);
    this.#asking.delete(stream);
    const socket = this.#open.get(stream);
    this.#open.delete(stream);
    // What was written before is still sent.
    socket?.end();
  }

  #tellEnd(stream: number, why?: string): void {
    this.#asking.delete(stream);
    if (!this.#open.delete(stream)) return;
    this.post({ kind: "end", stream, ...(why === undefined ? {} : { why }) });
  }
}
