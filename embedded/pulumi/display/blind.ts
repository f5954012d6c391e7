import {
  secretSignature,
  signatureKey,
  unknownSentinel,
  type EngineEvent,
  type Properties,
  type PropertyValue,
  type ResourceState,
} from "../deployment";
import { secretTexts } from "../secret-texts";

const secretWord = "[secret]";
const unknownWord = "[unknown]";
/** Shorter texts are too common to hide wherever they occur. */
const shortest = 4;

/** Takes secrets out of values and texts before anything of them is shown. */
export class Blind {
  readonly #texts = new Set<string>();
  #longestFirst: string[] = [];

  constructor(secrets: Iterable<string> = []) {
    this.#add(secrets);
  }

  /** Remembers the secrets that an event carries, so that they cannot slip out in a later message either. */
  learn(event: EngineEvent): void {
    if (event.kind === "started") this.#add(event.secretTexts ?? []);
    if (event.kind === "outputs") this.#add(secretTexts(event.outputs));
    if (event.kind === "step-started" && event.inputs) this.#add(secretTexts(event.inputs));
    if (event.kind !== "step-done") return;
    for (const state of [event.old, event.new]) {
      if (state) this.#add(secretTexts(state.inputs), secretTexts(state.outputs));
    }
  }

  /** The value with "[secret]" and "[unknown]" in place of what they stand for. */
  value(value: PropertyValue): PropertyValue {
    if (value === unknownSentinel) return unknownWord;
    if (typeof value === "string") return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.value(item));
    if (value === null || typeof value !== "object") return value;
    if (value[signatureKey] === secretSignature) return secretWord;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.value(item)]));
  }

  properties(properties: Properties): Properties {
    return this.value(properties) as Properties;
  }

  state(state: ResourceState): ResourceState {
    return {
      ...state,
      inputs: this.properties(state.inputs),
      outputs: this.properties(state.outputs),
      ...(state.initErrors ? { initErrors: state.initErrors.map((text) => this.text(text)) } : {}),
      ...(state.replacementTrigger === undefined
        ? {}
        : { replacementTrigger: this.value(state.replacementTrigger) }),
    };
  }

  /** A text with every known secret blotted out. */
  text(text: string): string {
    return this.#longestFirst.reduce(
      (left, secret) => (left.includes(secret) ? left.replaceAll(secret, secretWord) : left),
      text,
    );
  }

  #add(...sources: Iterable<string>[]): void {
    const before = this.#texts.size;
    for (const source of sources) {
      for (const text of source) if (text.trim().length >= shortest) this.#texts.add(text);
    }
    if (this.#texts.size === before) return;
    this.#longestFirst = [...this.#texts].sort((one, other) => other.length - one.length);
  }
}
