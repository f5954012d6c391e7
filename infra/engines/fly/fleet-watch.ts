import { FlyError, FlyNotAllowed, type FlyMachine } from "../../drivers/fly-api";
import type { Clock } from "../../support";

interface Watcher {
  id: string;
  look(machine: FlyMachine | undefined): Promise<void>;
  fail(error: unknown): void;
}

export interface WatchOptions {
  timeoutMs: number;
  signal: AbortSignal;
}

/** How machines are looked at: one alone may be looked at more often than a list. */
export interface Sight {
  list(): Promise<FlyMachine[]>;
  get(id: string): Promise<FlyMachine | undefined>;
}

const listEveryMs = 1000;
const aloneEveryMs = 400;

/**
 * Everyone who waits for machines of an app looks at the same list, once a second: as many calls for sixteen machines
 * as for two. A look that fails says nothing about the machines, so the next one is awaited.
 */
export class FleetWatch {
  readonly #watchers = new Set<Watcher>();
  #running = false;

  constructor(
    private readonly sight: Sight,
    private readonly clock: Clock,
  ) {}

  /** Looks at a machine until the judge gives something; undefined when the time is over. */
  until<T>(
    id: string,
    judge: (machine: FlyMachine | undefined) => Promise<T | undefined> | T | undefined,
    { timeoutMs, signal }: WatchOptions,
  ): Promise<T | undefined> {
    const end = this.clock.now() + timeoutMs;
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#watchers.delete(watcher);
        signal.removeEventListener("abort", abort);
      };
      const abort = () => {
        leave();
        reject(signal.reason as Error);
      };
      const watcher: Watcher = {
        id,
        look: async (machine) => {
          const found = await judge(machine);
          if (found === undefined && this.clock.now() < end) return;
          leave();
          resolve(found);
        },
        fail: (error) => {
          leave();
          reject(error as Error);
        },
      };
      if (signal.aborted) return reject(signal.reason as Error);
      signal.addEventListener("abort", abort, { once: true });
      this.#watchers.add(watcher);
      if (!this.#running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.#running = true;
    try {
      await this.clock.sleep(aloneEveryMs);
      while (this.#watchers.size > 0) {
        await this.round();
        if (this.#watchers.size > 0) await this.clock.sleep(this.alone ? aloneEveryMs : listEveryMs);
      }
    } finally {
      this.#running = false;
    }
  }

  /** The one machine that is waited for; undefined when there are several. */
  private get alone(): string | undefined {
    const ids = new Set([...this.#watchers].map(({ id }) => id));
    return ids.size === 1 ? [...ids][0] : undefined;
  }

  private async round(): Promise<void> {
    const watchers = [...this.#watchers];
    const machines = await this.look();
    if (!machines) return;
    const look = (one: Watcher) => one.look(machines.get(one.id)).catch((error: unknown) => one.fail(error));
    // Who came while the list was asked for may not be in it yet.
    await Promise.all(watchers.filter((one) => this.#watchers.has(one)).map(look));
  }

  /** Undefined when it failed: nothing is known then. */
  private async look(): Promise<ReadonlyMap<string, FlyMachine> | undefined> {
    const { alone } = this;
    try {
      const seen = alone === undefined ? await this.sight.list() : [await this.sight.get(alone)];
      return new Map(seen.flatMap((machine) => (machine ? [[machine.id, machine] as const] : [])));
    } catch (error) {
      if (error instanceof FlyNotAllowed || !(error instanceof FlyError))
        for (const watcher of [...this.#watchers]) watcher.fail(error);
      return undefined;
    }
  }
}
