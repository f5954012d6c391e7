import type { Frame, Message } from "./frame";

interface Numbered {
  seq: number;
  message: Message;
  bytes: number;
}

/** One exchange carries no more of it, unless a single message is longer. */
const mostBytes = 128 * 1024;

/** Brings messages over in their order and once each, whatever becomes of the exchanges that carry them. */
export class Line {
  #next = 1;
  #heard = 0;
  #carried = 0;
  #waiting: Numbered[] = [];

  constructor(private readonly deliver: (message: Message) => void) {}

  post(message: Message): void {
    this.#waiting.push({ seq: this.#next++, message, bytes: JSON.stringify(message).length });
  }

  /** Whether there is anything that the other side has not said it heard. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether there is anything that no frame has carried yet. */
  get isFresh(): boolean {
    return (this.#waiting.at(-1)?.seq ?? 0) > this.#carried;
  }

  frame(): Frame {
    const messages: Numbered[] = [];
    let bytes = 0;
    for (const one of this.#waiting) {
      if (messages.length > 0 && bytes + one.bytes > mostBytes) break;
      bytes += one.bytes;
      messages.push(one);
    }
    this.#carried = Math.max(this.#carried, messages.at(-1)?.seq ?? 0);
    return { heard: this.#heard, messages: messages.map(({ seq, message }) => ({ seq, message })) };
  }

  take({ heard, messages }: Frame): void {
    this.#waiting = this.#waiting.filter(({ seq }) => seq > heard);
    for (const { seq, message } of messages) {
      // An exchange that was tried again brings what was heard before.
      if (seq !== this.#heard + 1) continue;
      this.#heard = seq;
      this.deliver(message);
    }
  }
}
