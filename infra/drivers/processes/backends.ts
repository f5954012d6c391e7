import { Agent, type IncomingMessage } from "node:http";

/** A machine as the router sees it. */
export interface Backend {
  id: string;
  port: number;
  pid: number | null;
}

/** Where the router learns which machines may get requests. */
export interface BackendSource {
  ready(): Backend[];
  /** Called when none is ready: may start one that sleeps; true when it is worth looking again. */
  wake?(only?: string): Promise<boolean>;
  /** The one machine that has to answer this request, where the request names it. */
  only?(message: IncomingMessage): string | undefined;
}

const idleSocketMs = 30_000;

/** Chooses a machine for each request, counts what is under way, and keeps connections open between requests. */
export class Backends {
  readonly #inFlight = new Map<string, number>();
  readonly #agents = new Map<string, Agent>();
  readonly #streams = new Map<string, Set<() => void>>();
  readonly #lastUse = new Map<string, number>();
  #turn = 0;

  constructor(private readonly source: BackendSource) {}

  /** The least busy machine, in turn among equals; undefined when there is none beside those tried. */
  pick(tried: ReadonlySet<string>, only?: string): Backend | undefined {
    const ready = this.source
      .ready()
      .filter((one) => !tried.has(one.id) && (only === undefined || one.id === only));
    const least = Math.min(...ready.map((one) => this.inFlight(one.id)));
    const equals = ready.filter((one) => this.inFlight(one.id) === least);
    return equals[this.#turn++ % equals.length];
  }

  only(message: IncomingMessage): string | undefined {
    return this.source.only?.(message);
  }

  wake(only?: string): Promise<boolean> {
    return this.source.wake?.(only) ?? Promise.resolve(false);
  }

  inFlight(id: string): number {
    return this.#inFlight.get(id) ?? 0;
  }

  /** When a request to it last began or ended; undefined when there was none. */
  lastUse(id: string): number | undefined {
    return this.#lastUse.get(id);
  }

  /** Counts a request in; the answer counts it out, once. */
  begin(id: string): () => void {
    this.count(id, 1);
    let open = true;
    return () => {
      if (open) this.count(id, -1);
      open = false;
    };
  }

  /** Remembers how to cut an answer that has no end of its own; what it gives forgets that again. */
  stream(id: string, cut: () => void): () => void {
    const all = this.#streams.get(id) ?? new Set();
    this.#streams.set(id, all.add(cut));
    return () => void all.delete(cut);
  }

  /** Cuts the answers of a machine that would go on for ever. */
  cutStreams(id: string): void {
    const all = this.#streams.get(id);
    this.#streams.delete(id);
    for (const cut of all ?? []) cut();
  }

  agent(id: string): Agent {
    const agent =
      this.#agents.get(id) ?? new Agent({ keepAlive: true, maxFreeSockets: 64, timeout: idleSocketMs });
    this.#agents.set(id, agent);
    return agent;
  }

  /** Closes the connections to a machine that goes away. */
  release(id: string): void {
    this.#agents.get(id)?.destroy();
    this.#agents.delete(id);
    if (this.inFlight(id) === 0) this.#inFlight.delete(id);
    this.#lastUse.delete(id);
  }

  close(): void {
    for (const id of [...this.#agents.keys()]) this.release(id);
  }

  private count(id: string, step: 1 | -1): void {
    this.#inFlight.set(id, this.inFlight(id) + step);
    this.#lastUse.set(id, Date.now());
  }
}
