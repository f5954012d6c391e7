import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Router, type Backend } from "../../../infra/drivers/processes";
import type { FlyApp } from "../world/fly-app";
import type { Machine } from "../world/machine";
import type { World } from "../world/world";
import { autostopOf, checksPass, isServed, mayWake } from "./served";

export interface EdgeOptions {
  /** A machine without requests for so long is stopped, where its service says that it may be. */
  idleMs: number;
  /** The port of an app's address; the system chooses where this says 0. */
  port(app: string): number;
}

const lookMs = 100;
const wakeMs = 15_000;
const closeMs = 1000;
const lookForWokenMs = 20;

/** Fly's proxy: one address for each app, before the machines of it that may get requests. */
export class Edge {
  readonly #open = new Map<string, Promise<{ router: Router; url: string }>>();
  readonly #routers = new Map<string, Router>();
  readonly #timer: NodeJS.Timeout;
  readonly #waking = new Map<string, Promise<boolean>>();
  readonly #idleSince = new Map<string, number>();

  constructor(
    private readonly world: World,
    private readonly options: EdgeOptions,
  ) {
    this.#timer = setInterval(() => this.look(), lookMs).unref();
  }

  /** Opens the app's address, or tells the one that is open. */
  async address(app: string): Promise<string> {
    this.world.app(app);
    const open = this.#open.get(app) ?? this.openFor(app);
    this.#open.set(app, open);
    return (await open).url;
  }

  /** Requests under way at a machine. */
  inFlight(app: string, id: string): number {
    return this.#routers.get(app)?.backends.inFlight(id) ?? 0;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#open.values()].map(async (open) => (await open).router.close(closeMs)));
  }

  private async openFor(name: string): Promise<{ router: Router; url: string }> {
    const router = new Router({
      ready: () => this.backends(name),
      wake: (only) => this.wake(name, only),
      only: (message) => forcedMachine(message),
    });
    const port = await router.listen("127.0.0.1", this.options.port(name));
    this.#routers.set(name, router);
    return { router, url: `http://127.0.0.1:${port}` };
  }

  private backends(name: string): Backend[] {
    return this.machinesOf(name).flatMap((machine) => {
      const backend = isServed(machine) && checksPass(machine) ? machine.run?.backend() : undefined;
      return backend ? [{ id: machine.id, ...backend }] : [];
    });
  }

  private machinesOf(name: string): Machine[] {
    const app: FlyApp | undefined = this.world.apps.get(name);
    return app ? app.living : [];
  }

  /** Starts one machine that sleeps and waits until it may get requests; all who ask meanwhile share it. */
  private wake(name: string, only: string | undefined): Promise<boolean> {
    const fitting = this.machinesOf(name).filter(({ id }) => only === undefined || id === only);
    const begun = fitting.flatMap(({ id }) => this.#waking.get(id) ?? [])[0];
    if (begun) return begun;
    const asleep = fitting.find(mayWake);
    if (!asleep) return Promise.resolve(false);
    const waking = this.wakeOne(name, asleep).finally(() => this.#waking.delete(asleep.id));
    this.#waking.set(asleep.id, waking);
    return waking;
  }

  private async wakeOne(name: string, asleep: Machine): Promise<boolean> {
    asleep.start("proxy");
    for (const deadline = Date.now() + wakeMs; Date.now() < deadline;) {
      if (this.backends(name).some(({ id }) => id === asleep.id)) return true;
      if (asleep.state !== "starting" && asleep.state !== "started") return false;
      await sleep(lookForWokenMs);
    }
    return false;
  }

  private look(): void {
    this.openFixed();
    this.stopIdle();
    for (const [name, router] of this.#routers) {
      for (const { id, state } of this.machinesOf(name)) {
        // A program that ends waits for its connections, which the proxy keeps open for machines that serve.
        if (state !== "started" && router.backends.inFlight(id) === 0) router.backends.release(id);
      }
    }
  }

  /** An address that was chosen is there as soon as the app is. */
  private openFixed(): void {
    for (const app of this.world.apps.keys()) {
      // What fails here is told to whoever asks for the address.
      if (this.options.port(app) !== 0 && !this.#open.has(app)) this.address(app).catch(() => undefined);
    }
  }

  /** One after the other, so that never all of them end at once. */
  private stopIdle(): void {
    for (const [name, router] of this.#routers) {
      const serving = this.machinesOf(name).filter(({ state }) => state === "started");
      const idle = serving.find((machine) => this.isIdle(machine, router));
      const service = idle?.config.services?.find(autostopOf);
      if (!idle || !service || serving.length <= (service.min_machines_running ?? 0)) continue;
      this.#idleSince.delete(idle.id);
      if (autostopOf(service) === "suspend") idle.suspend("proxy");
      else idle.stop(undefined, undefined, "proxy");
    }
  }

  private isIdle(machine: Machine, { backends }: Router): boolean {
    if (!machine.config.services?.some(autostopOf)) return false;
    if (backends.inFlight(machine.id) > 0) return false;
    if (this.#waking.has(machine.id)) {
      // A request waits for it, however long it takes to start.
      this.#idleSince.delete(machine.id);
      return false;
    }
    const seen = this.#idleSince.get(machine.id) ?? Date.now();
    this.#idleSince.set(machine.id, seen);
    const last = Math.max(seen, backends.lastUse(machine.id) ?? 0);
    if (Date.now() - last < this.options.idleMs) return false;
    return true;
  }
}

/** The machine that a request insists on. */
function forcedMachine({ headers }: IncomingMessage): string | undefined {
  const forced = headers["fly-force-instance-id"];
  return typeof forced === "string" && forced !== "" ? forced : undefined;
}
