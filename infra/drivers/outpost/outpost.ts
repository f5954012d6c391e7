import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, OperatorError } from "../../support";
import type { OutpostPlace } from "./contract";
import { edition } from "./edition";
import { endedCode, outpostForgot, outpostLost, outpostOfOtherEdition } from "./errors";
import { parseAnswer } from "./frame";
import { Line } from "./line";
import { Peer } from "./peer";
import { Streams } from "./streams";

/** As long as nothing is to be said, one exchange waits for what comes. */
const waitMs = 15_000;
/** Between exchanges that fail, twice as long each time up to the last. */
const pauseMs = { first: 100, last: 2000 };
const mostExchanges = 2;

export interface OutpostTimes {
  /** Nobody knows what becomes of an outpost that is silent for so long. */
  lostAfterMs: number;
  /** So often it hears that this process is still there: it gives up later. Fly counts what is asked of it. */
  quietMs: number;
}

const usualTimes: OutpostTimes = { lostAfterMs: 90_000, quietMs: 20_000 };

/** A machine that works where the database is, as the process sees it that has sent for it. */
export class Outpost {
  readonly #session = randomBytes(8).toString("hex");
  readonly #line = new Line(
    (message) => void (this.#peer.receive(message) || this.#streams.receive(message)),
  );
  readonly #peer = new Peer((message) => this.#post(message));
  readonly #streams = new Streams((message) => this.#post(message));
  readonly #ports = new Map<string, Promise<number>>();
  readonly #servers: Server[] = [];
  readonly #over = new AbortController();
  #nextStream = 1;
  #exchanging = 0;
  #failures = 0;
  #failingSince = 0;
  #later: NodeJS.Timeout | undefined;

  private constructor(
    private readonly place: OutpostPlace,
    private readonly times: OutpostTimes,
  ) {}

  static async at(place: OutpostPlace, times = usualTimes): Promise<Outpost> {
    const outpost = new Outpost(place, times);
    try {
      await outpost.call("hello", [place.greeting]);
      return outpost;
    } catch (error) {
      outpost.#end(error as Error);
      throw error;
    }
  }

  /** Fires when nothing can be asked of it any more, with the reason. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#peer.call(name, args);
  }

  /** A port of this machine behind which the outpost connects to the database that writes are for. */
  async listen(uri: string): Promise<number> {
    this.over.throwIfAborted();
    const known = this.#ports.get(uri) ?? this.#listen(uri);
    this.#ports.set(uri, known);
    return known;
  }

  #listen(uri: string): Promise<number> {
    const server = createServer((socket) => {
      const stream = this.#nextStream++;
      this.#post({ kind: "open", stream, uri });
      this.#streams.join(stream, socket);
    });
    // It is there for as long as anybody is connected, and holds nobody up.
    server.unref();
    this.#servers.push(server);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const bound = server.address();
        if (typeof bound === "object" && bound) resolve(bound.port);
      });
    });
  }

  #post(message: Parameters<Line["post"]>[0]): void {
    if (this.over.aborted) return;
    this.#line.post(message);
    // Whatever is said at the same moment goes over together.
    setImmediate(() => this.#exchange());
  }

  /** Whether the other side has something to say before it is asked again. */
  get #isAwaiting(): boolean {
    return this.#peer.isBusy || this.#streams.isAsking || this.#line.isWaiting || this.#line.expectsMore;
  }

  #exchange(): void {
    if (this.over.aborted || this.#exchanging >= mostExchanges) return;
    if (this.#exchanging > 0 ? !this.#line.isFresh : !this.#isAwaiting) return this.#lookLater();
    this.#exchangeNow(waitMs);
  }

  #exchangeNow(patienceMs: number): void {
    clearTimeout(this.#later);
    this.#exchanging++;
    void this.#exchangeOnce(patienceMs).finally(() => {
      this.#exchanging--;
      this.#exchange();
    });
  }

  /** It stays for as long as this process does, which nothing is held up by; a connection may have ended there meanwhile. */
  #lookLater(): void {
    clearTimeout(this.#later);
    if (this.#exchanging > 0) return;
    this.#later = setTimeout(() => {
      if (this.#exchanging === 0) this.#exchangeNow(0);
    }, this.times.quietMs).unref();
  }

  async #exchangeOnce(patienceMs: number): Promise<void> {
    const begun = Date.now();
    const request = { session: this.#session, edition, waitMs: patienceMs, ...this.#line.frame() };
    const { over: signal } = this;
    try {
      const answer = parseAnswer(await this.place.exchange(JSON.stringify(request), { patienceMs, signal }));
      this.#failures = 0;
      if (!("refused" in answer)) this.#line.take(answer);
      else if (answer.edition === edition) this.#end(outpostForgot(this.place.called));
      else this.#end(outpostOfOtherEdition(this.place.called, answer.edition, edition));
    } catch (error) {
      // What was to be said is said again by the next exchange, and heard once.
      if (this.#failures === 0) this.#failingSince = begun;
      const isOver = error instanceof OperatorError && (error.kind !== "failed" || error.code === endedCode);
      if (isOver) this.#end(error);
      else if (Date.now() - this.#failingSince > this.times.lostAfterMs)
        this.#end(outpostLost(this.place.called, messageOf(error)));
      else await this.#pause();
    }
  }

  async #pause(): Promise<void> {
    const ms = Math.min(pauseMs.first * 2 ** this.#failures++, pauseMs.last);
    // That something has ended here nobody has to hear: a process does not stay for it.
    const ref = this.#peer.isBusy || this.#streams.isAsking;
    await sleep(ms, undefined, { signal: this.over, ref }).catch(() => undefined);
  }

  #end(reason: Error): void {
    if (this.over.aborted) return;
    clearTimeout(this.#later);
    this.#peer.end(reason);
    for (const server of this.#servers) server.close();
    this.#over.abort(reason);
    this.#streams.endAll();
  }
}
