/** Whose turn it is on a connection to a MongoDB: each message that asks is answered by one, at times in many pieces. */
export class Turns {
  readonly #said = new Messages();
  readonly #heard = new Messages();
  #due = 0;

  say(bytes: Buffer): void {
    this.#due += this.#said.take(bytes);
  }

  hear(bytes: Buffer): void {
    this.#due -= this.#heard.take(bytes);
  }

  /** Whether something is still to come from the other end, as far as anybody can tell. */
  get isAnswerDue(): boolean {
    return this.#due > 0 || this.#said.isCut || this.#heard.isCut;
  }
}

/** Length, two numbers, the kind of the message, and what is special about it. */
const headBytes = 20;
const kindAt = 12;
const flagsAt = 16;
const plainKind = 2013;
const moreToCome = 2;

/** Counts the messages that go one way. */
class Messages {
  #head = Buffer.alloc(0);
  #left = 0;

  /** Whether the last one is not whole yet. */
  get isCut(): boolean {
    return this.#left > 0 || this.#head.length > 0;
  }

  /** How many end with these bytes, without those that nobody answers or that another one follows by itself. */
  take(bytes: Buffer): number {
    let ended = 0;
    for (let at = 0; at < bytes.length;) {
      const isHead = this.#head.length < headBytes;
      const piece = bytes.subarray(at, at + (isHead ? headBytes - this.#head.length : this.#left));
      at += piece.length;
      if (isHead) this.#begin(piece);
      else this.#left -= piece.length;
      if (this.#head.length === headBytes && this.#left === 0) ended += this.#end();
    }
    return ended;
  }

  #begin(piece: Buffer): void {
    this.#head = Buffer.concat([this.#head, piece]);
    if (this.#head.length < headBytes) return;
    const length = this.#head.readInt32LE(0);
    // Of no message that there is: nobody knows where it ends.
    this.#left = length < headBytes ? Infinity : length - headBytes;
  }

  #end(): number {
    const flags = this.#head.readInt32LE(kindAt) === plainKind ? this.#head.readInt32LE(flagsAt) : 0;
    this.#head = Buffer.alloc(0);
    return (flags & moreToCome) === 0 ? 1 : 0;
  }
}
