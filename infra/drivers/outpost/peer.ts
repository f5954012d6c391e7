import { listenWithMany } from "../../support";
import type { Message } from "./frame";
import { pack, packThrown, unpack, type Handles } from "./packed";

type AnyFunction = (...args: never[]) => unknown;

/** What one side lets the other call. */
export type Offered = (name: string) => AnyFunction | undefined;

interface Pending {
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
  /** What was given away for this call alone. */
  given: number[];
}

/**
 * Calls of functions on the other side of a line. What a call is given may hold functions and signals, which work on
 * the other side until the call has ended.
 */
export class Peer {
  #next = 1;
  readonly #pending = new Map<number, Pending>();
  readonly #functions = new Map<number, AnyFunction>();
  readonly #unheard = new Map<number, () => void>();
  readonly #signals = new Map<number, AbortController>();
  #running = 0;
  #over: Error | undefined;

  constructor(
    private readonly post: (message: Message) => void,
    private readonly offered: Offered = () => undefined,
  ) {}

  /** Whether an end is waited for, here or there. */
  get isBusy(): boolean {
    return this.#pending.size > 0 || this.#running > 0;
  }

  call(name: string, args: readonly unknown[]): Promise<unknown> {
    return this.#ask(args, (id, packed) => ({ kind: "call", id, name, args: packed }));
  }

  /** True where the message was one of calls. */
  receive(message: Message): boolean {
    switch (message.kind) {
      case "call": {
        const named = this.offered(message.name);
        void this.#perform(message.id, named, message.args, `there is no ${message.name} here`);
        return true;
      }
      case "use":
        void this.#perform(message.id, this.#functions.get(message.handle), message.args, "it is over");
        return true;
      case "done":
        this.#settle(message);
        return true;
      case "abort":
        this.#signals.get(message.handle)?.abort(this.#dataIn(message.reason));
        return true;
      default:
        return false;
    }
  }

  /** Nothing more will come from the other side, and nothing that is asked of it is heard. */
  end(reason: Error): void {
    this.#over = reason;
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    this.#functions.clear();
    for (const unheard of this.#unheard.values()) unheard();
    this.#unheard.clear();
    for (const signal of this.#signals.values()) signal.abort(reason);
  }

  async #ask(args: readonly unknown[], message: (id: number, packed: unknown) => Message): Promise<unknown> {
    if (this.#over) throw this.#over;
    const id = this.#next++;
    const given: number[] = [];
    try {
      const asked = message(id, pack(args, this.#giving(given)));
      return await new Promise((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, given });
        this.post(asked);
      });
    } catch (error) {
      this.#pending.delete(id);
      this.#takeBack(given);
      throw error;
    }
  }

  async #perform(id: number, work: AnyFunction | undefined, args: unknown, orElse: string): Promise<void> {
    this.#running++;
    const taken: number[] = [];
    try {
      if (!work) throw new Error(orElse);
      const value = await work(...(unpack(args, this.#taking(taken)) as never[]));
      this.post({ kind: "done", id, ok: true, value: pack(value) });
    } catch (error) {
      this.post({ kind: "done", id, ok: false, value: packThrown(error) });
    } finally {
      this.#running--;
      for (const handle of taken) this.#signals.delete(handle);
    }
  }

  #settle({ id, ok, value }: Extract<Message, { kind: "done" }>): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    this.#takeBack(pending.given);
    const settled = this.#dataIn(value);
    if (ok && !(settled instanceof Unreadable)) pending.resolve(settled);
    else pending.reject(settled);
  }

  /** What comes back holds no functions; one that this side cannot read is a failure like others. */
  #dataIn(packed: unknown): unknown {
    try {
      return unpack(packed, this.#taking([]));
    } catch (error) {
      return new Unreadable("what came back from the other machine cannot be read", { cause: error });
    }
  }

  #takeBack(given: readonly number[]): void {
    for (const handle of given) {
      this.#functions.delete(handle);
      this.#unheard.get(handle)?.();
      this.#unheard.delete(handle);
    }
  }

  #giving(given: number[]): Handles {
    const handle = () => {
      given.push(this.#next);
      return this.#next++;
    };
    return {
      ...this.#taking([]),
      giveFunction: (work) => {
        const own = handle();
        this.#functions.set(own, work);
        return own;
      },
      giveSignal: (signal) => {
        const own = handle();
        const tell = () => this.post({ kind: "abort", handle: own, reason: packThrown(signal.reason) });
        // Behind the call that it belongs to.
        if (signal.aborted) queueMicrotask(tell);
        listenWithMany(signal, tell);
        this.#unheard.set(own, () => signal.removeEventListener("abort", tell));
        return own;
      },
    };
  }

  #taking(taken: number[]): Handles {
    const never = () => {
      throw new Error("what comes back is data alone");
    };
    return {
      giveFunction: never,
      giveSignal: never,
      takeFunction:
        (handle) =>
        (...args) => {
          const used = this.#ask(args, (id, packed) => ({ kind: "use", id, handle, args: packed }));
          // Whoever only tells something does not listen whether it was heard.
          used.catch(() => undefined);
          return used;
        },
      takeSignal: (handle) => {
        const control = new AbortController();
        this.#signals.set(handle, control);
        taken.push(handle);
        return control.signal;
      },
    };
  }
}

/** Never a value of anybody's. */
class Unreadable extends Error {}
