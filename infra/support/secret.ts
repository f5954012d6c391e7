import { inspect } from "node:util";

const redacted = "[secret]";

/** A value that shows itself only to whoever asks by `reveal()`: logs, JSON and errors get "[secret]". */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  [inspect.custom](): string {
    return redacted;
  }
}
