import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, OperatorError } from "../../support";
import type { OutpostPlace } from "./contract";
import { edition } from "./edition";
import { outpostLost, outpostOfOtherEdition } from "./errors";
import { parseAnswer } from "./frame";
import { Line } from "./line";
import { Peer } from "./peer";
import { Streams } from "./streams";

/** As long as nothing is to be said, one exchange waits for what comes. */
const waitMs = 15_000;
/** Between exchanges that fail, twice as long each time up to the last. */
const pauseMs = { first: 100, last: 2000 };
/** Nobody knows what becomes of an outpost that is silent for so long. */
const lostAfterMs = 90_000;
const mostExchanges = 2;
/** Fly counts what is asked of it: nobody looks more often without a reason. An outpost gives up later. */
const quietMs = 20_000;

/** A machine that works where the database is, as the process sees it that has sent for it. */
export class Outpost {
  readonly #session = randomBytes(8).toString("hex");
  readonly #line = new Line(
    (message) => void (this.#peer.receive(message) || this.#streams.receive(message)),
  );
  readonly #peer = new Peer((message) => this.#post(message));
  readonly #streams = new Streams((message) => this.#post(message));
  readonly #ports = new Map<string, Promise<number>>();
  #nextStream = 1;
  #exchanging = 0;
  #answeredAt = Date.now();
  #failures = 0;
  #later: NodeJS.Timeout | undefined;
  #lost: Error | undefined;

  private constructor(private readonly place: OutpostPlace) {}

  static async at(place: OutpostPlace): Promise<Outpost> {
    const outpost = new Outpost(place);
    await outpost.call("hello", [place.greeting]);
    return outpost;
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  async call(name: string, args: readonly unknown[]): Promise<unknown> {
    if (this.#lost) throw this.#lost;
    return this.#peer.call(name, args);
  }

  /** A port of this machine behind which the outpost connects to the database that writes are for. */
  listen(uri: string): Promise<number> {
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
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const bound = server.address();
        if (typeof bound === "object" && bound) resolve(bound.port);
      });
    });
  }

  #post(message: Parameters<Line["post"]>[0]): void {
    if (this.#lost) return;
    this.#line.post(message);
    // Whatever is said at the same moment goes over together.
    setImmediate(() => this.#exchange());
  }

  /** Whether the other side has something to say before it is asked again. */
  get #isAwaiting(): boolean {
    return this.#peer.isBusy || this.#streams.isAsking || this.#line.isWaiting;
  }

  #exchange(): void {
    if (this.#lost || this.#exchanging >= mostExchanges) return;
    if (this.#exchanging > 0 ? !this.#line.isFresh : !this.#isAwaiting) return this.#lookLater();
    clearTimeout(this.#later);
    if (this.#exchanging === 0 && !this.#line.isWaiting) this.#answeredAt = Date.now();
    this.#exchangeNow();
  }

  #exchangeNow(): void {
    this.#exchanging++;
    void this.#exchangeOnce().finally(() => {
      this.#exchanging--;
      this.#exchange();
    });
  }

  /** A connection that nobody asks anything over may still end on the other side. */
  #lookLater(): void {
    clearTimeout(this.#later);
    if (this.#exchanging > 0 || !this.#streams.isBusy) return;
    this.#later = setTimeout(() => {
      if (this.#exchanging === 0) this.#exchangeNow();
    }, quietMs).unref();
  }

  async #exchangeOnce(): Promise<void> {
    const request = { session: this.#session, edition, waitMs, ...this.#line.frame() };
    try {
      const answer = parseAnswer(await this.place.exchange(JSON.stringify(request), { patienceMs: waitMs }));
      this.#answeredAt = Date.now();
      this.#failures = 0;
      if ("refused" in answer)
        return this.#end(outpostOfOtherEdition(this.place.called, answer.edition, edition));
      this.#line.take(answer);
    } catch (error) {
      // What was to be said is said again by the next exchange, and heard once.
      const isOver = error instanceof OperatorError && error.kind === "refused";
      if (isOver || Date.now() - this.#answeredAt > lostAfterMs)
        this.#end(isOver ? error : outpostLost(this.place.called, messageOf(error)));
      else await sleep(Math.min(pauseMs.first * 2 ** this.#failures++, pauseMs.last));
    }
  }

  #end(reason: Error): void {
    this.#lost = reason;
    this.#peer.end(reason);
    this.#streams.endAll();
  }
}
