const text = new TextEncoder();

/** More than this waiting for a reader means that it reads no more. */
const waitingAtMost = 64;

/** A browser that listens. */
export class Listener {
  readonly stream: ReadableStream<Uint8Array>;
  #out: ReadableStreamDefaultController<Uint8Array> | undefined;

  /** `seen` is the state that it shows already. */
  constructor(
    private seen: string | null,
    gone: (listener: Listener) => void,
  ) {
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#out = controller;
        },
        cancel: () => {
          this.#out = undefined;
          gone(this);
        },
      },
      new CountQueuingStrategy({ highWaterMark: waitingAtMost }),
    );
  }

  /** Tells that the state has become this one, unless it knows. False when nobody reads any more. */
  changed(revision: string): boolean {
    if (revision === this.seen) return true;
    this.seen = revision;
    return this.#write(`id: ${revision}\nevent: changed\ndata: ${revision}\n\n`);
  }

  /** Says how soon to come back after a break. */
  greet(retryMs: number): boolean {
    return this.#write(`retry: ${retryMs}\n: listening\n\n`);
  }

  /** Keeps the connection from being taken for a dead one. */
  heartbeat(): boolean {
    return this.#write(": still here\n\n");
  }

  end(): void {
    this.#out?.close();
    this.#out = undefined;
  }

  #write(lines: string): boolean {
    if (!this.#out) return false;
    if ((this.#out.desiredSize ?? 0) <= 0) {
      this.end();
      return false;
    }
    this.#out.enqueue(text.encode(lines));
    return true;
  }
}
