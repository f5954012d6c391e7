import { createServer, type Server, type Socket } from "node:net";
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { edition } from "./edition";
import { parseRequest, type Answer, type Message, type Request } from "./frame";
import { Line } from "./line";
import { Peer, type Offered } from "./peer";
import { Streams } from "./streams";

export interface ServedOptions {
  /** Where requests come in: a socket in a folder of its own. */
  socket: string;
  offered: Offered;
  /** Connects to the database at an address, to the member that takes writes. */
  dial: (uri: string) => Promise<Socket>;
  /** Nobody asks any more: what runs is stopped at its next safe point. */
  idleMs: number;
}

/** What is written at the same moment goes over together. */
const gatherMs = 15;

/** Serves those who ask until nobody has for a while and all that ran has ended. */
export async function serveOutpost({ socket, offered, dial, idleMs }: ServedOptions): Promise<void> {
  const sessions = new Map<string, Session>();
  const gone = new Set<string>();
  let askedAt = Date.now();
  const server = await listening(socket, async (text) => {
    askedAt = Date.now();
    const request = parseRequest(text, edition);
    if (!request) return { refused: "another edition", edition };
    const session = sessions.get(request.session) ?? new Session(offered, dial);
    if (session.isOver || gone.has(request.session)) return { refused: "silent for too long", edition };
    sessions.set(request.session, session);
    return session.answer(request);
  });
  while (sessions.size > 0 || Date.now() - askedAt < idleMs) {
    await sleep(Math.min(1000, idleMs / 4));
    for (const [name, session] of sessions) {
      // One that is gone keeps nothing, whoever else is still there.
      if (session.silentMs >= idleMs) session.end();
      if (!session.isOver || session.isWorking) continue;
      sessions.delete(name);
      gone.add(name);
    }
  }
  server.close();
}

class Session {
  readonly #line = new Line((message) => this.#receive(message));
  readonly #streams = new Streams((message) => this.#post(message));
  readonly #peer: Peer;
  #told: (() => void) | undefined;
  #heardAt = Date.now();
  #isOver = false;

  constructor(
    offered: Offered,
    private readonly dial: ServedOptions["dial"],
  ) {
    this.#peer = new Peer((message) => this.#post(message), offered);
  }

  get isWorking(): boolean {
    return this.#peer.isBusy;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get silentMs(): number {
    return Date.now() - this.#heardAt;
  }

  /** Says what there is to say, or waits until there is; one that comes later is answered in its place. */
  async answer({ waitMs, ...frame }: Request): Promise<Answer> {
    this.#heardAt = Date.now();
    this.#told?.();
    this.#line.take(frame);
    if (!this.#line.isWaiting && !frame.more && waitMs > 0) {
      await this.#somethingToSay(waitMs);
      await sleep(gatherMs);
    }
    return this.#line.frame();
  }

  async #somethingToSay(waitMs: number): Promise<void> {
    let told: (() => void) | undefined;
    const timer = setTimeout(() => told?.(), waitMs);
    await new Promise<void>((resolve) => (this.#told = told = resolve));
    clearTimeout(timer);
    // Whoever came later waits by now.
    if (this.#told === told) this.#told = undefined;
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#peer.end(new Error("nobody waits for it any more"));
    this.#streams.endAll();
    this.#told?.();
  }

  #post(message: Message): void {
    if (this.#isOver) return;
    this.#line.post(message);
    this.#told?.();
  }

  #receive(message: Message): void {
    if (message.kind === "open") void this.#streams.joinLater(message.stream, this.dial(message.uri));
    else if (!this.#peer.receive(message)) this.#streams.receive(message);
  }
}

/** One request for each connection, which ends with its answer. */
async function listening(path: string, answer: (text: string) => Promise<Answer>): Promise<Server> {
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    const chunks: Buffer[] = [];
    connection.on("data", (chunk) => chunks.push(chunk));
    connection.on("error", () => connection.destroy());
    connection.on("end", () => {
      answer(Buffer.concat(chunks).toString("utf8")).then(
        (said) => connection.end(JSON.stringify(said)),
        (error: unknown) => connection.destroy(error instanceof Error ? error : undefined),
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return server;
}
