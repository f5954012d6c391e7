import type { Frame, Message } from "./frame";

interface Numbered {
  seq: number;
  message: Message;
  bytes: number;
}

/** One exchange carries no more of it. */
const mostBytes = 128 * 1024;
/** A longer message goes in parts; what stands in a part may take twice its room. */
const partBytes = mostBytes / 2;

/** Brings messages over in their order and once each, whatever becomes of the exchanges that carry them. */
export class Line {
  #next = 1;
  #heard = 0;
  #carried = 0;
  #waiting: Numbered[] = [];
  #parts: string[] = [];
  #wasCut = false;
  #expectsMore = false;

  constructor(private readonly deliver: (message: Message) => void) {}

  post(message: Message): void {
    const text = JSON.stringify(message);
    if (text.length <= mostBytes) return this.#put(message, text.length);
    for (let at = 0; at < text.length; at += partBytes) {
      const part = text.slice(at, at + partBytes);
      this.#put({ kind: "part", text: part, isLast: at + partBytes >= text.length }, 2 * part.length);
    }
  }

  #put(message: Message, bytes: number): void {
    this.#waiting.push({ seq: this.#next++, message, bytes });
  }

  /** The other side has more to say than its last frame held. */
  get expectsMore(): boolean {
    return this.#expectsMore;
  }

  /** Whether there is anything that the other side has not said it heard. */
  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether there is anything to say at once that no frame has carried yet; after a full one the answer comes first. */
  get isFresh(): boolean {
    return !this.#wasCut && (this.#waiting.at(-1)?.seq ?? 0) > this.#carried;
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
    this.#wasCut = messages.length < this.#waiting.length;
    return {
      heard: this.#heard,
      messages: messages.map(({ seq, message }) => ({ seq, message })),
      more: this.#wasCut,
    };
  }

  take({ heard, messages, more }: Frame): void {
    this.#expectsMore = more;
    this.#waiting = this.#waiting.filter(({ seq }) => seq > heard);
    for (const { seq, message } of messages) {
      // An exchange that was tried again brings what was heard before.
      if (seq !== this.#heard + 1) continue;
      this.#heard = seq;
      const whole = this.#whole(message);
      if (whole) this.deliver(whole);
    }
  }

  /** Undefined until the last part of it is there. */
  #whole(message: Message): Message | undefined {
    if (message.kind !== "part") return message;
    this.#parts.push(message.text);
    if (!message.isLast) return undefined;
    return JSON.parse(this.#parts.splice(0).join("")) as Message;
  }
}
