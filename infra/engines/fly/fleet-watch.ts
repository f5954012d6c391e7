import { FlyError, FlyNotAllowed, type FlyMachine } from "../../drivers/fly-api";
import type { Clock } from "../../support";

interface Watcher {
  look(machines: ReadonlyMap<string, FlyMachine>): Promise<boolean>;
  fail(error: unknown): void;
}

export interface WatchOptions {
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * Everyone who waits for machines of an app looks at the same list, once a second: as many calls for sixteen machines
 * as for one. A look that fails says nothing about the machines, so the next one is awaited.
 */
export class FleetWatch {
  readonly #watchers = new Set<Watcher>();
  #running = false;

  constructor(
    private readonly list: () => Promise<FlyMachine[]>,
    private readonly clock: Clock,
    private readonly intervalMs = 1000,
  ) {}

  /** Looks until the judge gives something; undefined when the time is over. */
  until<T>(
    judge: (machines: ReadonlyMap<string, FlyMachine>) => Promise<T | undefined> | T | undefined,
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
        look: async (machines) => {
          const found = await judge(machines);
          if (found === undefined && this.clock.now() < end) return false;
          leave();
          resolve(found);
          return true;
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
      for (await this.clock.sleep(this.intervalMs / 2); this.#watchers.size > 0;) {
        await this.round();
        if (this.#watchers.size > 0) await this.clock.sleep(this.intervalMs);
      }
    } finally {
      this.#running = false;
    }
  }

  private async round(): Promise<void> {
    const machines = await this.look();
    await Promise.all(
      [...this.#watchers].map((one) => one.look(machines).catch((error: unknown) => one.fail(error))),
    );
  }

  #last: ReadonlyMap<string, FlyMachine> = new Map();

  private async look(): Promise<ReadonlyMap<string, FlyMachine>> {
    try {
      this.#last = new Map((await this.list()).map((machine) => [machine.id, machine]));
    } catch (error) {
      if (error instanceof FlyNotAllowed || !(error instanceof FlyError))
        for (const watcher of [...this.#watchers]) watcher.fail(error);
    }
    return this.#last;
  }
}
