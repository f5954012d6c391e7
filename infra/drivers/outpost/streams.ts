import type { Socket } from "node:net";
import { messageOf } from "../../support";
import type { Message } from "./frame";
import { Turns } from "./turns";

/** Bytes of connections, each a stream of its own, over a line of messages. */
export class Streams {
  readonly #open = new Map<number, Socket>();
  readonly #turns = new Map<number, Turns>();
  /** What comes for a connection that is still being made. */
  readonly #early = new Map<number, Buffer[]>();

  constructor(private readonly post: (message: Message) => void) {}

  get isBusy(): boolean {
    return this.#open.size > 0;
  }

  /** Whether an answer is waited for, or the rest of one. */
  get isAsking(): boolean {
    return [...this.#turns.values()].some(({ isAnswerDue }) => isAnswerDue);
  }

  /** Keeps what comes until the socket is there. */
  async joinLater(stream: number, connecting: Promise<Socket>): Promise<void> {
    this.#early.set(stream, []);
    try {
      const socket = await connecting;
      const early = this.#early.get(stream);
      if (!early) return void socket.destroy();
      // It may have ended again before anybody listened.
      if (socket.destroyed) throw new Error("the server ended the connection");
      this.#early.delete(stream);
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
    const turns = new Turns();
    this.#turns.set(stream, turns);
    socket.on("data", (bytes) => {
      turns.say(bytes);
      this.post({ kind: "data", stream, bytes: bytes.toString("base64") });
    });
    socket.on("error", (error) => this.#tellEnd(stream, error.message));
    socket.on("close", () => this.#tellEnd(stream));
  }

  receive(message: Message): void {
    if (message.kind === "data") this.#take(message.stream, Buffer.from(message.bytes, "base64"));
    if (message.kind === "end") this.#end(message.stream);
  }

  /** Nobody is at the other end of any of them any more. */
  endAll(): void {
    const sockets = [...this.#open.values()];
    for (const known of [this.#open, this.#early, this.#turns]) known.clear();
    for (const socket of sockets) socket.destroy();
  }

  #take(stream: number, bytes: Buffer): void {
    this.#turns.get(stream)?.hear(bytes);
    this.#early.get(stream)?.push(bytes);
    this.#open.get(stream)?.write(bytes);
  }

  #end(stream: number): void {
    this.#early.delete(stream);
    this.#turns.delete(stream);
    const socket = this.#open.get(stream);
    this.#open.delete(stream);
    // What was written before is still sent.
    socket?.end();
  }

  #tellEnd(stream: number, why?: string): void {
    this.#turns.delete(stream);
    if (!this.#open.delete(stream)) return;
    this.post({ kind: "end", stream, ...(why === undefined ? {} : { why }) });
  }
}
