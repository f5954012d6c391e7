import { Listener } from "./event-stream";

/** Watches until the signal fires, and calls `look` whenever something may have changed. */
export type Watch = (look: () => Promise<void>, signal: AbortSignal) => Promise<void>;

export interface FeedOptions {
  watch: Watch;
  /** A short text that is another one whenever what is shown is another. */
  revision: () => Promise<string>;
  stopping?: AbortSignal | undefined;
  listenersAtMost?: number;
  heartbeatMs?: number;
}

/** How soon a browser comes back when the connection breaks. */
const retryMs = 2000;

/** Tells every open browser when the state has changed; one watch serves them all, and there is none where nobody listens. */
export class LiveFeed {
  readonly #listeners = new Set<Listener>();
  #watching: AbortController | undefined;
  #revision: string | undefined;

  constructor(private readonly options: FeedOptions) {
    options.stopping?.addEventListener("abort", () => this.#close(), { once: true });
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** A stream for one browser, which last saw `seen`; null where there are as many as can be served. */
  listen(seen: string | null): ReadableStream<Uint8Array> | null {
    const { listenersAtMost = 100, stopping } = this.options;
    if (stopping?.aborted || this.#listeners.size >= listenersAtMost) return null;
    const listener = new Listener(seen, (gone) => this.#leave(gone));
    this.#listeners.add(listener);
    listener.greet(retryMs);
    // What changed while it was away is told once, whatever it was.
    if (this.#revision !== undefined) listener.changed(this.#revision);
    this.#start();
    return listener.stream;
  }

  #start(): void {
    if (this.#watching) return;
    const watching = new AbortController();
    this.#watching = watching;
    const { heartbeatMs = 15_000, watch } = this.options;
    const beat = setInterval(() => this.#tell((one) => one.heartbeat()), heartbeatMs);
    beat.unref();
    watching.signal.addEventListener("abort", () => clearInterval(beat), { once: true });
    void watch(() => this.#look(), watching.signal);
  }

  async #look(): Promise<void> {
    // A database that is away tells nothing new.
    const revision = await this.options.revision().catch(() => this.#revision);
    if (revision === undefined || revision === this.#revision) return;
    this.#revision = revision;
    this.#tell((one) => one.changed(revision));
  }

  #tell(say: (listener: Listener) => boolean): void {
    for (const listener of this.#listeners) if (!say(listener)) this.#leave(listener);
  }

  #leave(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#watching?.abort();
    this.#watching = undefined;
    this.#revision = undefined;
  }

  #close(): void {
    for (const listener of [...this.#listeners]) {
      listener.end();
      this.#leave(listener);
    }
  }
}
