import { messageOf } from "../../support";
import { Autostop } from "./autostop";
import type { Route, RouteView } from "./contract";
import { Router } from "./router";
import type { Supervisor, Traffic } from "./supervisor";

const closeMs = 10_000;

/** The routers of a host, one for each group of machines that has an address. */
export class Routes implements Traffic {
  readonly #open = new Map<string, { route: Route; router: Router | undefined; error: string | null }>();
  readonly #autostop: Autostop;

  constructor(private readonly supervisor: Supervisor) {
    supervisor.carry(this);
    this.#autostop = new Autostop(supervisor, this);
  }

  /** Opens the address of a group, or moves it: the new one answers before the old one closes. */
  async open(route: Route): Promise<void> {
    const old = this.#open.get(route.group);
    if (old?.router && old.route.host === route.host && old.route.port === route.port) return;
    const router = new Router({
      ready: () => this.readyIn(route.group),
      wake: () => this.#autostop.wake(route.group),
    });
    const port = await router.listen(route.host, route.port);
    this.#open.set(route.group, { route: { ...route, port }, router, error: null });
    await old?.router?.close(closeMs);
  }

  /** Opens an address that was open before this process; while it is taken it is tried again and again. */
  async reopen(route: Route): Promise<void> {
    try {
      await this.open(route);
    } catch (error) {
      this.#open.set(route.group, { route, router: undefined, error: messageOf(error) });
      setTimeout(() => this.isShut(route) && void this.reopen(route), 1000).unref();
    }
  }

  async close(group: string): Promise<void> {
    const open = this.#open.get(group);
    this.#open.delete(group);
    await open?.router?.close(closeMs);
  }

  async closeAll(): Promise<void> {
    this.#autostop.end();
    await Promise.all([...this.#open.keys()].map((group) => this.close(group)));
  }

  list(): RouteView[] {
    return [...this.#open.values()].map(({ route, router, error }) => ({
      ...route,
      listening: router !== undefined,
      error,
    }));
  }

  inFlight(id: string): number {
    return this.routers().reduce((sum, router) => sum + router.backends.inFlight(id), 0);
  }

  cutStreams(id: string): void {
    for (const router of this.routers()) router.backends.cutStreams(id);
  }

  release(id: string): void {
    for (const router of this.routers()) router.backends.release(id);
  }

  lastUse(id: string): number | undefined {
    const uses = this.routers().flatMap((router) => router.backends.lastUse(id) ?? []);
    return uses.length === 0 ? undefined : Math.max(...uses);
  }

  private routers(): Router[] {
    return [...this.#open.values()].flatMap(({ router }) => router ?? []);
  }

  private readyIn(group: string) {
    return this.supervisor
      .ready(group)
      .flatMap(({ spec, port, pid }) => (port === null ? [] : [{ id: spec.id, port, pid }]));
  }

  private isShut(route: Route): boolean {
    const now = this.#open.get(route.group);
    return now !== undefined && now.router === undefined && now.route === route;
  }
}
